//! Articles 32 to 35: what the customer may and may not do with the service.

pub mod export;
