//! Articles 31 to 35, 20-1(2): what the customer owes, may and may not do with the service.

pub mod environment;
pub mod export;
