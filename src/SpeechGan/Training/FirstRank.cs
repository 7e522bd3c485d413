using SpeechGan.Distributed;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>What rank 0 alone does, since it alone has the run folder; the other ranks learn whether it could be done.</summary>
/// <param name="group">The processes of the run.</param>
/// <param name="journal">The record on rank 0, null on the others.</param>
internal sealed class FirstRank(IProcessGroup group, RunJournal? journal)
{
    // At full size the checks before the first step take longer than anything else that one rank does alone.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Does something on rank 0.</summary>
    /// <exception cref="GroupException">It failed there; the message has its words.</exception>
    public void Do(Action<RunJournal> work) =>
        group.Together(() =>
        {
            if (journal is not null)
                work(journal);
        });

    /// <summary>Reads a checkpoint on rank 0 and gives it to all; problems on the way are told by <paramref name="tell"/>.</summary>
    /// <returns>Null on every rank where there is none.</returns>
    public Checkpoint? Read(Func<CheckpointStore, CheckpointSearch> find, Action<string>? tell = null)
    {
        CheckpointSearch? search = null;
        Do(j => search = find(j.Checkpoints));
        foreach (var problem in search?.Problems ?? [])
            tell?.Invoke(problem.Sentence);
        return SharedCheckpoint.OfFirst(group, search?.Found);
    }

    /// <summary>Gives the ranks that wait for rank 0 more time than they have for each other.</summary>
    /// <param name="doing">What it is, for the words of a rank that is lost.</param>
    /// <param name="work">Done on every rank.</param>
    public void Patiently(string doing, Action work)
    {
        group.Doing = doing;
        var deadline = group.Deadline;
        if (deadline != Timeout.InfiniteTimeSpan && deadline < Longest)
            group.Deadline = Longest;
        work();
        group.Deadline = deadline;
    }
}
