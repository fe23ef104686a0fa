//! [`Timeline`]: the requests of the API, and the groups of a cause and what followed from it.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::{Duration, SystemTime};

use super::fault_id::FaultId;
use crate::phone::Address;
use crate::types::Redacted;

/// Largest number of causes that are kept, beside readings.
const GROUP_LIMIT: usize = 10_000;
/// Largest number of readings that are kept. Polling thus removes no other request.
const READ_LIMIT: usize = 500;
/// Largest number of events of one group. A call that runs in a loop has no end of them.
const EVENT_LIMIT: usize = 1000;

/// Identifies a group. Later groups have larger numbers, also after a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GroupId(pub(crate) u64);

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Identifies a request of the API, or a webhook by its serial number in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum EventId {
    Request(u64),
    Webhook(u64),
}

impl EventId {
    /// Reads an identifier in the form of [`Display`](fmt::Display).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let number = |digits: &str| digits.parse().ok();
        match text.split_at_checked(1)? {
            ("r", digits) => number(digits).map(Self::Request),
            ("w", digits) => number(digits).map(Self::Webhook),
            _ => None,
        }
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(number) => write!(f, "r{number}"),
            Self::Webhook(number) => write!(f, "w{number}"),
        }
    }
}

/// A cause, and what followed from it: a request of the API or an action of a phone, and every
/// webhook that was sent because of it.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: GroupId,
    /// Time of the cause, by the sandbox's clock.
    pub(crate) at: SystemTime,
    /// Title such as `Text to +14155550123`.
    pub(crate) title: Redacted<String>,
    /// Phone that acted, or that was reached.
    pub(crate) phone: Option<Address>,
    /// SID of the message or call that was created.
    pub(crate) resource: Option<String>,
    /// Events, oldest first.
    pub(crate) events: Vec<EventId>,
}

/// A request to the REST API, with its response.
///
/// Header fields are not kept, and secrets in the response are left out. `Debug` shows no
/// parameters.
///
/// ```
/// use clinspark_twilio::sandbox::Sandbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start().await?;
/// let url = format!("{}/2010-04-01/Accounts.json", sandbox.base_url());
/// reqwest::Client::builder().no_proxy().build()?.get(url).send().await?;
///
/// let request = &sandbox.requests()[0];
/// assert_eq!(request.method, "GET");
/// assert_eq!(request.path.expose(), "/2010-04-01/Accounts.json");
/// // It had no credentials.
/// assert_eq!(request.status, Some(401));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// HTTP method, such as `POST`.
    pub method: String,
    /// Path without the query.
    pub path: Redacted<String>,
    /// Parameters of the query, then those of the form, in the order sent. Of more than 32 KiB, the
    /// first.
    pub parameters: Redacted<Vec<(String, String)>>,
    /// HTTP status of the response; `None` while the request is in progress, and if the connection
    /// was reset.
    pub status: Option<u16>,
    /// Real time until the response; `None` while the request is in progress.
    pub duration: Option<Duration>,
    /// `Content-Type` of the response.
    pub response_type: Option<String>,
    /// First 4,096 bytes of the body of the response. It is empty for a file.
    pub response_body: Redacted<String>,
    /// Time of arrival, by the sandbox's clock. Of several equal readings, that of the last.
    pub received_at: SystemTime,
    /// Fault that affected the request.
    pub fault: Option<FaultId>,
    /// Number of equal readings one after the other that this entry stands for. 1 for any other
    /// request.
    pub times: u64,
    pub(crate) group: GroupId,
    pub(crate) id: u64,
}

impl ReceivedRequest {
    pub(crate) fn new(
        method: &str,
        path: &str,
        parameters: Vec<(String, String)>,
        now: SystemTime,
    ) -> Self {
        Self {
            method: method.to_owned(),
            path: Redacted::new(path.to_owned()),
            parameters: Redacted::new(parameters),
            status: None,
            duration: None,
            response_type: None,
            response_body: Redacted::default(),
            received_at: now,
            fault: None,
            times: 1,
            group: GroupId(0),
            id: 0,
        }
    }

    /// Reports whether the request only reads, so that nothing follows from it.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// Returns the path without version and account.
    pub(crate) fn short_path(&self) -> &str {
        let path = self.path.expose().as_str();
        let of_account = path.strip_prefix("/2010-04-01/Accounts/");
        let rest = of_account.and_then(|rest| rest.find('/').and_then(|end| rest.get(end..)));
        rest.unwrap_or(path)
    }

    fn title(&self) -> String {
        format!("Request {} {}", self.method, self.short_path())
    }

    fn repeats(&self, other: &Self) -> bool {
        self.method == other.method
            && self.path == other.path
            && self.parameters == other.parameters
            && self.status == other.status
            && self.fault == other.fault
    }
}

/// Groups and requests, oldest first.
#[derive(Default)]
pub(crate) struct Timeline {
    last_group: u64,
    last_request: u64,
    groups: BTreeMap<GroupId, Group>,
    requests: BTreeMap<u64, ReceivedRequest>,
    /// Groups of readings, and all others, oldest first.
    reads: VecDeque<GroupId>,
    causes: VecDeque<GroupId>,
    /// Groups that have changed since the last reading.
    changed: Vec<GroupId>,
}

impl Timeline {
    /// Starts the group of an action.
    pub(crate) fn begin(
        &mut self,
        title: String,
        phone: Option<Address>,
        now: SystemTime,
        limit: usize,
    ) -> GroupId {
        let id = self.add_group(title, phone, now);
        self.causes.push_back(id);
        if self.causes.len() > limit.clamp(1, GROUP_LIMIT) {
            let oldest = self.causes.pop_front();
            self.remove(oldest);
        }
        id
    }

    /// Starts the group of a request that may change something. Returns the request's identifier.
    pub(crate) fn begin_request(
        &mut self,
        mut request: ReceivedRequest,
        limit: usize,
    ) -> (GroupId, u64) {
        let group = self.begin(request.title(), None, request.received_at, limit);
        request.group = group;
        (group, self.add_request(request))
    }

    /// Sets the response of a request.
    pub(crate) fn end_request(&mut self, id: u64, set: impl FnOnce(&mut ReceivedRequest)) {
        if let Some(request) = self.requests.get_mut(&id) {
            set(request);
            self.changed.push(request.group);
        }
    }

    /// Adds a reading with its response. Equal readings one after the other are one entry.
    pub(crate) fn add_read(&mut self, mut request: ReceivedRequest, limit: usize) {
        let newest = self.groups.last_key_value().and_then(|(_, group)| {
            let EventId::Request(id) = *group.events.first()? else {
                return None;
            };
            self.requests.get_mut(&id)
        });
        if let Some(newest) = newest
            && newest.is_read()
            && newest.repeats(&request)
        {
            let (id, group, times) = (newest.id, newest.group, newest.times + 1);
            *newest = ReceivedRequest {
                times,
                group,
                id,
                ..request
            };
            self.changed.push(group);
            return;
        }
        let group = self.add_group(request.title(), None, request.received_at);
        request.group = group;
        self.reads.push_back(group);
        self.add_request(request);
        if self.reads.len() > limit.clamp(1, READ_LIMIT) {
            let oldest = self.reads.pop_front();
            self.remove(oldest);
        }
    }

    /// Names the first message or call that was created because of a cause, and its phone.
    pub(crate) fn set_subject(
        &mut self,
        id: GroupId,
        resource: &str,
        title: impl FnOnce() -> String,
        phone: &Address,
    ) {
        if let Some(group) = self.groups.get_mut(&id)
            && group.resource.is_none()
        {
            group.resource = Some(resource.to_owned());
            group.title = Redacted::new(title());
            group.phone = Some(phone.clone());
            self.changed.push(id);
        }
    }

    /// Adds an event to a group. Beyond a limit, the first events stay.
    pub(crate) fn add_event(&mut self, id: GroupId, event: EventId) {
        if let Some(group) = self.groups.get_mut(&id) {
            if group.events.len() < EVENT_LIMIT {
                group.events.push(event);
            }
            self.changed.push(id);
        }
    }

    /// Notes that an event of a group has changed.
    pub(crate) fn touch(&mut self, id: GroupId) {
        self.changed.push(id);
    }

    pub(crate) fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(&id)
    }

    pub(crate) fn request(&self, id: u64) -> Option<&ReceivedRequest> {
        self.requests.get(&id)
    }

    /// Returns the groups, oldest first.
    pub(crate) fn groups(&self) -> impl DoubleEndedIterator<Item = &Group> {
        self.groups.values()
    }

    /// Returns the requests, oldest first.
    pub(crate) fn requests(&self) -> impl DoubleEndedIterator<Item = &ReceivedRequest> {
        self.requests.values()
    }

    /// Returns the groups that have changed since the last call.
    pub(crate) fn drain_changed(&mut self) -> impl Iterator<Item = GroupId> {
        self.changed.drain(..)
    }

    /// Removes every group and request. Later ones get new identifiers.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            last_group: self.last_group,
            last_request: self.last_request,
            ..Self::default()
        };
    }

    fn add_group(&mut self, title: String, phone: Option<Address>, now: SystemTime) -> GroupId {
        self.last_group += 1;
        let id = GroupId(self.last_group);
        let group = Group {
            id,
            at: now,
            title: Redacted::new(title),
            phone,
            resource: None,
            events: Vec::new(),
        };
        self.groups.insert(id, group);
        self.changed.push(id);
        id
    }

    fn add_request(&mut self, mut request: ReceivedRequest) -> u64 {
        self.last_request += 1;
        let id = self.last_request;
        request.id = id;
        self.add_event(request.group, EventId::Request(id));
        self.requests.insert(id, request);
        id
    }

    fn remove(&mut self, group: Option<GroupId>) {
        let Some(group) = group.and_then(|id| self.groups.remove(&id)) else {
            return;
        };
        self.changed.push(group.id);
        for event in &group.events {
            if let EventId::Request(id) = event {
                self.requests.remove(id);
            }
        }
    }
}
