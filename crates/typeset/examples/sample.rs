//! Renders every sample into a folder: `cargo run -p typeset --example sample -- out`.

use std::path::PathBuf;
use std::time::Instant;

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write into")?);
    std::fs::create_dir_all(&folder)?;
    let start = Instant::now();
    let fonts = typeset::Fonts::from_system()?;
    println!("fonts: {:?}", start.elapsed());
    for (name, document) in samples::all() {
        let start = Instant::now();
        let pdf = typeset::render(&document, &fonts)?;
        println!("{name}: {:?}, {} bytes", start.elapsed(), pdf.len());
        std::fs::write(folder.join(name).with_extension("pdf"), pdf)?;
    }
    Ok(())
}
