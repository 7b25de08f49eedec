//! Writes the sample workbook of an existing book, invented throughout, as of
//! 20 April 2026: `cargo run -p document --example sample_book -- FILE [CONTRACTS]`

mod rows;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("a file");
    let contracts = arguments.next().map_or(12, |text| text.parse().expect("a number"));
    let bytes = document::write_book(&rows::rows(contracts)).expect("a workbook");
    std::fs::write(file, bytes).expect("the file can be written");
}
