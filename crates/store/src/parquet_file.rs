//! Usage rows as a Parquet file that any tool can read.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampMillisecondType, UInt32Type};
use arrow_array::{ArrayRef, RecordBatch, StringArray, TimestampMillisecondArray, UInt32Array};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use bytes::Bytes;
use contract::declare::ids::AccountId;
use engine::UsageRow;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use reckon::Moment;

use crate::failure::{Failure, Result};

/// Rows that are turned into columns at a time.
const BATCH: usize = 65_536;

/// Writes rows; the quantity stays text, since it is an exact decimal.
pub(crate) fn write(rows: &[UsageRow]) -> Result<Bytes> {
    let schema = schema();
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer =
        ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties)).map_err(of_parquet)?;
    for chunk in rows.chunks(BATCH) {
        let batch = RecordBatch::try_new(schema.clone(), columns(chunk)).map_err(of_arrow)?;
        writer.write(&batch).map_err(of_parquet)?;
    }
    Ok(writer.into_inner().map_err(of_parquet)?.into())
}

/// Reads what [`write`] wrote, in the same order.
pub(crate) fn read(bytes: Bytes) -> Result<Vec<UsageRow>> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(of_parquet)?;
    let mut rows = Vec::new();
    for batch in builder.with_batch_size(BATCH).build().map_err(of_parquet)? {
        let batch = batch.map_err(of_arrow)?;
        if batch.schema().fields() != schema().fields() {
            return Err(Failure::broken("a usage segment has other columns than expected"));
        }
        append_rows(&batch, &mut rows);
    }
    Ok(rows)
}

fn schema() -> SchemaRef {
    let instant = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    let fields = [
        ("source", DataType::Utf8),
        ("id", DataType::Utf8),
        ("row", DataType::UInt32),
        ("account", DataType::Utf8),
        ("contract", DataType::Utf8),
        ("line", DataType::UInt32),
        ("resource", DataType::Utf8),
        ("item", DataType::Utf8),
        ("quantity", DataType::Utf8),
        ("unit", DataType::Utf8),
        ("from", instant.clone()),
        ("to", instant),
    ];
    let field = |(name, kind)| Field::new(name, kind, false);
    Arc::new(Schema::new(fields.into_iter().map(field).collect::<Vec<_>>()))
}

fn columns(rows: &[UsageRow]) -> Vec<ArrayRef> {
    let text = |of: fn(&UsageRow) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
    };
    let number = |of: fn(&UsageRow) -> u32| -> ArrayRef {
        Arc::new(UInt32Array::from_iter_values(rows.iter().map(of)))
    };
    let instant = |of: fn(&UsageRow) -> Moment| -> ArrayRef {
        let values = rows.iter().map(|row| of(row).unix_seconds() * 1000);
        Arc::new(TimestampMillisecondArray::from_iter_values(values).with_timezone("UTC"))
    };
    vec![
        text(|row| &row.source),
        text(|row| &row.id),
        number(|row| row.row),
        text(|row| &row.account.0),
        text(|row| &row.contract),
        number(|row| row.line),
        text(|row| &row.resource),
        text(|row| &row.item),
        text(|row| &row.quantity),
        text(|row| &row.unit),
        instant(|row| row.from),
        instant(|row| row.to),
    ]
}

/// Expects the columns of [`schema`].
fn append_rows(batch: &RecordBatch, rows: &mut Vec<UsageRow>) {
    let text = |column: usize, at| batch.column(column).as_string::<i32>().value(at).to_owned();
    let number = |column: usize, at| batch.column(column).as_primitive::<UInt32Type>().value(at);
    let instant = |column: usize, at| {
        let column = batch.column(column).as_primitive::<TimestampMillisecondType>();
        Moment::from_unix_seconds(column.value(at) / 1000)
    };
    rows.extend((0..batch.num_rows()).map(|at| UsageRow {
        source: text(0, at),
        id: text(1, at),
        row: number(2, at),
        account: AccountId(text(3, at)),
        contract: text(4, at),
        line: number(5, at),
        resource: text(6, at),
        item: text(7, at),
        quantity: text(8, at),
        unit: text(9, at),
        from: instant(10, at),
        to: instant(11, at),
    }));
}

fn of_parquet(error: ParquetError) -> Failure {
    Failure::broken(error.to_string())
}

fn of_arrow(error: ArrowError) -> Failure {
    Failure::broken(error.to_string())
}
