//! [`Tasks`]: the background tasks of a sandbox.

use tokio::task::JoinSet;

/// Background tasks of a sandbox.
pub(crate) enum Tasks {
    Running(JoinSet<()>),
    /// The tasks of the former world are ending; none starts.
    Resetting,
    /// The sandbox was dropped; none starts any more.
    Stopped,
}

impl Tasks {
    pub(crate) fn new() -> Self {
        Self::Running(JoinSet::new())
    }

    /// Starts a task, unless the sandbox is being reset or has stopped.
    pub(crate) fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        if let Self::Running(tasks) = self {
            // Finished tasks stay in the set, and keep their memory, until they are joined.
            while tasks.try_join_next().is_some() {}
            tasks.spawn(task);
        }
    }

    /// Lets no task start until [`restart`](Self::restart). Returns those that run.
    pub(crate) fn suspend(&mut self) -> JoinSet<()> {
        match std::mem::replace(self, Self::Resetting) {
            Self::Running(tasks) => tasks,
            Self::Resetting => JoinSet::new(),
            Self::Stopped => {
                *self = Self::Stopped;
                JoinSet::new()
            }
        }
    }

    /// Lets tasks start again, unless the sandbox has stopped.
    pub(crate) fn restart(&mut self) {
        if matches!(self, Self::Resetting) {
            *self = Self::new();
        }
    }

    /// Aborts every task.
    pub(crate) fn stop(&mut self) {
        // Dropping the set aborts the tasks in it.
        *self = Self::Stopped;
    }
}
