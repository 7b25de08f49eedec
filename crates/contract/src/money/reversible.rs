//! A map that remembers how it came to be, so that it can go back.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reversible<K, V> {
    now: BTreeMap<K, V>,
    /// What stood under a key before each change of it.
    before: Vec<(K, Option<V>)>,
}

/// A key, and what stood there before it was changed.
pub(crate) struct Change<K, V> {
    pub key: K,
    pub before: Option<V>,
}

impl<K, V> Default for Reversible<K, V> {
    fn default() -> Reversible<K, V> {
        Reversible { now: BTreeMap::new(), before: Vec::new() }
    }
}

impl<K: Ord + Clone, V: Clone> Reversible<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.now.get(key)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.now.iter()
    }

    pub(crate) fn set(&mut self, key: K, value: V) {
        let before = self.now.insert(key.clone(), value);
        self.before.push((key, before));
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if let Some(before) = self.now.remove(key) {
            self.before.push((key.clone(), Some(before)));
        }
    }

    /// Where it stands, without the way that led there but the newest changes.
    pub(crate) fn of(now: BTreeMap<K, V>, before: Vec<Change<K, V>>) -> Reversible<K, V> {
        let before = before.into_iter().map(|change| (change.key, change.before)).collect();
        Reversible { now, before }
    }

    /// What was changed since then, and what stood there before.
    pub(crate) fn since(&self, changes: usize) -> impl ExactSizeIterator<Item = (&K, Option<&V>)> {
        self.before[changes..].iter().map(|(key, before)| (key, before.as_ref()))
    }

    /// As if nothing had ever stood there. Says what did.
    pub(crate) fn clear(&mut self) -> Vec<K> {
        self.before.clear();
        std::mem::take(&mut self.now).into_keys().collect()
    }

    /// How many changes there were, to come back to.
    pub(crate) fn changes(&self) -> usize {
        self.before.len()
    }

    /// Goes back, and says what had changed since.
    pub(crate) fn go_back(&mut self, changes: usize) -> Vec<K> {
        let mut changed = Vec::new();
        for (key, before) in self.before.drain(changes..).rev() {
            match before {
                Some(value) => self.now.insert(key.clone(), value),
                None => self.now.remove(&key),
            };
            changed.push(key);
        }
        changed
    }

    /// The keys that changed since then.
    pub(crate) fn changed_since(&self, changes: usize) -> impl Iterator<Item = &K> {
        self.before[changes..].iter().map(|(key, _)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_back_to_where_it_was() {
        let mut map = Reversible::default();
        map.set("held", 100);
        let (then, changes) = (map.now.clone(), map.changes());
        map.set("held", 40);
        map.set("held", 0);
        map.remove(&"held");
        map.set("other", 1);
        assert_eq!(map.go_back(changes).len(), 4);
        assert_eq!(map.now, then);
    }
}
