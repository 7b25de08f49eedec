//! How much of this machine one visitor, and all of them together, may take up.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::answer::Trouble;
use crate::metered;

/// `[connections]` in the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections at once; whoever comes then waits.
    pub total: usize,
    /// Connections at once from one network address. Behind a trusted proxy: requests
    /// at once of one client, as the proxy names it.
    pub per_address: usize,
    /// Within which a head has to be there, and a next one after an answer.
    pub head_seconds: u32,
    /// Within which a body has to be there, with a second more for every 16 KiB that
    /// came; and for how long nothing of an answer need be taken.
    pub body_seconds: u32,
    /// Within which a request has to be read and answered.
    pub request_seconds: u32,
    /// Large bodies that are held at once, together.
    pub bodies_mib: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            total: 512,
            per_address: 64,
            head_seconds: 20,
            body_seconds: 20,
            request_seconds: 900,
            bodies_mib: 192,
        }
    }
}

impl Limits {
    pub fn head(&self) -> Duration {
        Duration::from_secs(self.head_seconds.into())
    }

    pub fn body(&self) -> Duration {
        Duration::from_secs(self.body_seconds.into())
    }

    pub fn request(&self) -> Duration {
        Duration::from_secs(self.request_seconds.into())
    }
}

/// What the limits count while the program runs.
pub struct Gate {
    pub limits: Limits,
    /// Clients behind trusted proxies, by their requests.
    pub clients: Arc<Crowd>,
    pub room: Room,
}

impl Gate {
    pub fn new(limits: Limits) -> Gate {
        let clients = Arc::new(Crowd::of(limits.per_address));
        let room = Room::of(limits.bodies_mib);
        Gate { limits, clients, room }
    }
}

/// How many are there of each address.
pub struct Crowd {
    most: usize,
    inside: Mutex<HashMap<IpAddr, usize>>,
}

/// Somebody's place; it is free again when this is dropped.
pub struct Place {
    crowd: Arc<Crowd>,
    address: IpAddr,
}

impl Crowd {
    pub fn of(most: usize) -> Crowd {
        Crowd { most, inside: Mutex::default() }
    }

    /// A place, unless this address has all of its places already.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = household(address);
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place { crowd: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.crowd.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = inside.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                inside.remove(&self.address);
            }
        }
    }
}

/// Whoever has an address of IPv6 has at least the 2^64 of its network.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

/// A body up to here is held without asking: the number of connections bounds them.
const SMALL: usize = 64 * 1024;

const KIB: usize = 1024;

/// The memory for bodies.
pub struct Room {
    all: usize,
    /// In KiB.
    left: Arc<Semaphore>,
    /// Bytes that were read; the metrics count those of the process.
    #[cfg(test)]
    pub read: std::sync::atomic::AtomicUsize,
}

impl Room {
    fn of(mib: u32) -> Room {
        let all = mib.max(1) as usize * KIB;
        Room {
            all,
            left: Arc::new(Semaphore::new(all)),
            #[cfg(test)]
            read: Default::default(),
        }
    }

    /// Room for a body of at most so many bytes, taken before the first of them is
    /// read, so that no two wait for each other in the middle.
    ///
    /// # Errors
    /// When none gets free in time.
    pub async fn claim(
        &self,
        bytes: usize,
        patience: Duration,
    ) -> Result<Option<OwnedSemaphorePermit>, Trouble> {
        if bytes <= SMALL {
            return Ok(None);
        }
        let kib = bytes.div_ceil(KIB).min(self.all) as u32;
        match timeout(patience, self.left.clone().acquire_many_owned(kib)).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            _ => Err(busy()),
        }
    }

    pub fn note_read(&self, bytes: usize) {
        metered::body(bytes);
        #[cfg(test)]
        self.read.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
    }
}

fn busy() -> Trouble {
    let detail = "大きなファイルをほかに受信中です。しばらくしてから、もう一度送ってください。";
    Trouble::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "混み合っています", detail)
}

/// One client has too many requests under way.
pub fn crowded() -> Trouble {
    let detail =
        "同じ接続元からの要求が同時に多すぎます。しばらくしてから、もう一度送ってください。";
    Trouble::new(StatusCode::TOO_MANY_REQUESTS, "crowded", "混み合っています", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_once_it_is_left() {
        let crowd = Arc::new(Crowd::of(2));
        let one: IpAddr = "192.0.2.7".parse().unwrap();
        let first = crowd.enter(one).unwrap();
        let _second = crowd.enter("::ffff:192.0.2.7".parse().unwrap()).unwrap();
        assert!(crowd.enter(one).is_none());
        assert!(crowd.enter("192.0.2.8".parse().unwrap()).is_some(), "another address");
        drop(first);
        assert!(crowd.enter(one).is_some());
        assert_eq!(crowd.inside.lock().unwrap().len(), 1, "who has left is forgotten");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let crowd = Arc::new(Crowd::of(1));
        let _held = crowd.enter("2001:db8::1".parse().unwrap()).unwrap();
        assert!(crowd.enter("2001:db8::ffff:1".parse().unwrap()).is_none());
        assert!(crowd.enter("2001:db8:0:1::1".parse().unwrap()).is_some());
    }

    #[tokio::test]
    async fn large_bodies_wait_for_room_and_small_ones_do_not() {
        let room = Room::of(1);
        let soon = Duration::from_millis(20);
        let held = room.claim(900 * KIB, soon).await.unwrap();
        assert!(room.claim(200 * KIB, soon).await.is_err());
        assert!(room.claim(SMALL, soon).await.unwrap().is_none());
        drop(held);
        // One that is larger than all the room has all of it.
        assert!(room.claim(48 * KIB * KIB, soon).await.unwrap().is_some());
    }
}
