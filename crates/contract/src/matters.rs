//! Matters (案件): what one side brought up and somebody has to see to: reports, requests,
//! claims. Opened by an entry of their clause, noted on, and closed with a result.

pub mod abnormality;
pub mod information;
pub mod matter;
