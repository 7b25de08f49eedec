//! Who is at the door: passwords, one-time codes, sessions and keys, and the log of
//! it. Nothing here knows HTTP; the pages and the commands both come here.

mod key;
mod link;
mod log;
mod over;
mod password;
mod review;
mod session;
mod settings;
mod sign_in;
mod throttle;
mod token;
mod totp;
mod visitor;

pub use key::NewKey;
pub use link::{LetIn, NoLink};
pub use log::{Came, Noted};
pub use review::{Flag, Quarter, Review, ReviewRow};
pub use session::Opened;
pub use settings::{OneTimeCodes, Settings};
pub use sign_in::{CodeAnswer, SignInError};
pub use token::{csrf_of, draw as draw_token, same_csrf};
pub use totp::Enrolment;
pub use visitor::{Via, Visitor};

use std::sync::Arc;

use contract::declare::words::Sentence;
use engine::people::People;
use engine::{Clock, Engine, EngineError, Identity, Mail, StoreError};
use reckon::{Day, Moment};
use thiserror::Error;
use tokio::sync::Semaphore;

use throttle::Throttle;

/// The door of one installation.
pub struct Door {
    pub engine: Arc<Engine>,
    /// The machine's clock: sessions and waits run on while the clock of the
    /// business is moved by hand.
    pub wall: Arc<dyn Clock>,
    pub settings: Settings,
    /// What addresses that are given to people begin with.
    address: String,
    /// By which mails about the own way in leave; a command may have none.
    post: Option<Arc<dyn Mail>>,
    /// Failed sign-ins by network address.
    throttle: Throttle,
    /// Hashing a password takes memory: only so many at once.
    hashing: Semaphore,
    /// Compared with where there is no password, so that it takes as long.
    decoy: String,
}

#[derive(Debug, Error)]
pub enum DoorError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Link(#[from] NoLink),
    /// What was asked for is not possible, and why.
    #[error("{}", .0.en)]
    Refused(Sentence),
    #[error("the operating system gave no random bytes: {0}")]
    Randomness(String),
    #[error("a password could not be hashed: {0}")]
    Hashing(String),
}

impl Door {
    /// # Errors
    /// When the settings cannot be used, or there is no randomness.
    pub fn new(
        engine: Arc<Engine>,
        wall: Arc<dyn Clock>,
        settings: Settings,
    ) -> Result<Door, DoorError> {
        let decoy = password::hash(&token::draw()?, &settings)?;
        let (address, post) = ("http://127.0.0.1:8080".to_owned(), Some(engine.mail.clone()));
        let (throttle, hashing) = (Throttle::default(), Semaphore::new(2));
        Ok(Door { engine, wall, settings, address, post, throttle, hashing, decoy })
    }

    /// The same door where people reach it under another address.
    pub fn reached_at(mut self, address: String) -> Door {
        self.address = address;
        self
    }

    /// The same door with another way for mails, or none.
    pub fn posting_by(mut self, post: Option<Arc<dyn Mail>>) -> Door {
        self.post = post;
        self
    }

    fn identity(&self) -> &dyn Identity {
        self.engine.store.identity()
    }

    fn now(&self) -> Moment {
        self.wall.now()
    }

    /// The day for which roles are looked up: that of the business.
    fn today(&self) -> Day {
        self.engine.now().day()
    }

    pub async fn people(&self) -> Result<Arc<People>, DoorError> {
        Ok(self.engine.people().await?)
    }
}
