//! What the record determined for letters and papers. They print it as it stands
//! there and work out nothing again.

use contract::declare::consequence::Consequence;
use contract::road::case::Case;
use contract::road::stream::Stream;

/// The one of a kind that came about last in a stream, and still follows.
pub(crate) fn latest<'c, T>(
    case: &'c Case,
    stream: impl Into<Stream>,
    pick: impl Fn(&'c Consequence) -> Option<T>,
) -> Option<T> {
    let found = case
        .live_in(stream)
        .filter_map(|(id, live)| Some(((live.occurred_at, id), pick(&live.consequence)?)));
    found.max_by_key(|(order, _)| *order).map(|(_, what)| what)
}
