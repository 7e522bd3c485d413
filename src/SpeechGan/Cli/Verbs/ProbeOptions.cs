using System.CommandLine;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`diagnose --probe` and the options that say what is replayed.</summary>
internal sealed class ProbeOptions
{
    private const int MostEpochs = 1000,
        MostSeeds = 20;

    private readonly Option<bool> probe = new("--probe")
    {
        Description =
            "Replay a window of the training with one ingredient changed, over several seeds; results go to RUN/probes.jsonl, and a "
            + "stopped probe continues",
    };

    private readonly Option<string?> data = new("--data") { Description = "With --probe: where the run's corpus is now", HelpName = "DIR" };

    private readonly Option<string?> from = new("--probe-from")
    {
        Description = "Checkpoint to replay from (default: the best, where training went on from it; else the oldest)",
        HelpName = "NAME",
    };

    private readonly Option<int> epochs = new("--probe-epochs")
    {
        Description = "Most epochs to replay",
        HelpName = "N",
        DefaultValueFactory = _ => 2,
    };

    private readonly Option<int> seeds = new("--probe-seeds")
    {
        Description = $"Seeds to replay with, 1 to {MostSeeds}",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
    };

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command verb)
    {
        foreach (var option in new Option[] { probe, data, from, epochs, seeds })
            verb.Add(option);
    }

    /// <summary>What replays a run; null where nothing is replayed.</summary>
    /// <exception cref="UsageException">A number is out of range, or something is said of a replay that was not asked for.</exception>
    public Func<RunRecord, ProbeVerdict>? Of(ParseResult parsed, CancellationToken stop)
    {
        if (!parsed.GetValue(probe))
        {
            if (new Option[] { data, from, epochs, seeds }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } idle)
                throw new UsageException(
                    $"{idle.Name} says what to replay, and nothing is replayed without --probe. Add --probe, or leave "
                        + $"{idle.Name} out."
                );
            return null;
        }
        var (window, trials) = (parsed.GetValue(epochs), parsed.GetValue(seeds));
        if (window is < 1 or > MostEpochs)
            throw new UsageException($"{epochs.Name} is {window}; allowed is a whole number from 1 to {MostEpochs}.");
        if (trials is < 1 or > MostSeeds)
            throw new UsageException($"{seeds.Name} is {trials}; allowed is a whole number from 1 to {MostSeeds}.");
        return record => ProbeRun.Of(record, parsed.GetValue(data), parsed.GetValue(from), window, trials, Terminal.Error, stop);
    }
}
