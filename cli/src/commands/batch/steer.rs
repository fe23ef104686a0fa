//! `batch status`, `pause`, `resume` and `cancel`.

use clap::Args;
use clinspark_twilio::outbox::{BatchId, Outbox};

use super::database::{Access, Database};
use super::outbox::operator;
use super::progress::Status as Answer;
use crate::failure::{Exit, Failure};
use crate::output::{Output, confirm, print_remark};

/// Batch of a command.
#[derive(Args, Debug)]
pub(super) struct Target {
    /// ID of the batch, which `batch send` prints
    #[arg(value_name = "BATCH", value_parser = super::parse_batch)]
    pub(super) batch: BatchId,
    #[command(flatten)]
    pub(super) database: Database,
}

/// Counts the messages of a batch by state
#[derive(Args, Debug)]
pub(crate) struct Status {
    #[command(flatten)]
    target: Target,
}

/// Pauses a batch; texts in progress are still sent
#[derive(Args, Debug)]
pub(crate) struct Pause {
    #[command(flatten)]
    target: Target,
}

/// Resumes a batch that is paused or stopped
#[derive(Args, Debug)]
#[command(after_help = "\
Sends nothing by itself: `batch send` does, as long as it runs.")]
pub(crate) struct Resume {
    #[command(flatten)]
    target: Target,
}

/// Cancels a batch for good, after a confirmation
#[derive(Args, Debug)]
pub(crate) struct Cancel {
    #[command(flatten)]
    target: Target,
    /// Does not ask for confirmation
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn status(options: &Status, output: Output) -> Result<Exit, Failure> {
    let outbox = operator(&options.target.database, Access::Look).await?;
    print(&outbox, &options.target, output).await
}

pub(crate) async fn pause(options: &Pause, output: Output) -> Result<Exit, Failure> {
    let outbox = operator(&options.target.database, Access::Change).await?;
    outbox.pause(&options.target.batch).await?;
    print(&outbox, &options.target, output).await
}

pub(crate) async fn resume(options: &Resume, output: Output) -> Result<Exit, Failure> {
    let outbox = operator(&options.target.database, Access::Change).await?;
    outbox.resume(&options.target.batch).await?;
    print(&outbox, &options.target, output).await
}

pub(crate) async fn cancel(options: &Cancel, output: Output) -> Result<Exit, Failure> {
    let outbox = operator(&options.target.database, Access::Change).await?;
    let batch = &options.target.batch;
    outbox.progress(batch).await?;
    if !options.yes && !confirm(&format!("cancel batch {batch} for good?"))? {
        print_remark("nothing was changed");
        return Ok(Exit::No);
    }
    outbox.cancel(batch).await?;
    print(&outbox, &options.target, output).await
}

async fn print(outbox: &Outbox, target: &Target, output: Output) -> Result<Exit, Failure> {
    let progress = outbox.progress(&target.batch).await?;
    output.print(&Answer::new(&target.batch, &progress))?;
    Ok(Exit::Fine)
}
