using System.Text;
using SpeechGan.Cli.Views;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Distributed;
using SpeechGan.Engine;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;
using SpeechGan.Training;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>A run from the first reconstruction check to the test, or its continuation.</summary>
/// <param name="data">Corpus.</param>
/// <param name="output">Run folder.</param>
internal sealed class TrainRun(string data, string output)
{
    /// <summary>Whether a cause that is confirmed while it trains ends it.</summary>
    public bool StopOnConfirmed { get; init; }

    /// <summary>Whether step times and the peak of memory are measured, beside a fixed loop.</summary>
    public bool MeasuresCost { get; init; }

    /// <summary>Whether a run that the disk has no room for is refused.</summary>
    public bool ChecksDisk { get; init; } = true;

    /// <summary>Starts a new run.</summary>
    /// <param name="config">Resolved configuration.</param>
    /// <param name="stop">Asks for an end after the current step.</param>
    /// <returns>The exit code.</returns>
    public int Start(RunConfig config, CancellationToken stop) => Groups.Run((group, asked) => Start(config, group, asked), stop);

    /// <summary>Continues the run that lies in the folder.</summary>
    /// <param name="whole">What a preset or file gives; it must be the run's own. Null where neither was given.</param>
    /// <param name="overrides">Knobs that were given; only those that may change on resuming.</param>
    /// <param name="stop">Asks for an end after the current step.</param>
    /// <returns>The exit code.</returns>
    public int Continue(RunConfig? whole, IReadOnlyList<string> overrides, CancellationToken stop) =>
        Groups.Run((group, asked) => Continue(whole, overrides, group, asked), stop);

    private int Start(RunConfig config, IProcessGroup group, CancellationToken stop)
    {
        group.Deadline = TimeSpan.FromSeconds(config.Train.CollectiveTimeoutSeconds);
        var local = RankAgreement.Require(group, config, []);
        var mine = config;
        group.Together(() => mine = RankDevice.Of(config, group.Size, local));
        var corpus = RankAgreement.Corpus(group, () => CorpusOfRun.Open(data, config));
        TestedKernels? tested = null;
        group.Together(() => tested = Preflight.Check(mine, corpus, group));
        group.Together(() =>
        {
            if (ChecksDisk && group.Rank == 0)
                TrainingDisk.Require(output, mine, corpus, tested!);
        });
        RunFolder? folder = null;
        group.Together(() => folder = group.Rank == 0 ? RunFolder.Create(output, config, Surroundings(config, group)) : null);
        using (folder)
            return Run(folder, mine, corpus, group, resume: false, stop, tested);
    }

    private int Continue(RunConfig? whole, IReadOnlyList<string> overrides, IProcessGroup group, CancellationToken stop)
    {
        var local = RankAgreement.Require(group, whole, overrides);
        RunFolder? folder = null;
        group.Together(() => folder = group.Rank == 0 ? ResumedRun.Open(output, whole, overrides, c => Surroundings(c, group)) : null);
        using (folder)
        {
            // Rank 0 alone need see the run folder.
            var config = folder?.Config ?? RunConfig.Parse(Encoding.UTF8.GetString(group.OfFirst([])), "rank 0's configuration");
            if (folder is not null)
                group.OfFirst(Encoding.UTF8.GetBytes(config.ToJson()));
            group.Deadline = TimeSpan.FromSeconds(config.Train.CollectiveTimeoutSeconds);
            var mine = config;
            group.Together(() => mine = RankDevice.Of(config, group.Size, local));
            var corpus = RankAgreement.Corpus(group, () => CorpusOfRun.Open(data, config));
            return Run(folder, mine, corpus, group, resume: true, stop);
        }
    }

    private int Run(
        RunFolder? folder,
        RunConfig config,
        PairedCorpus corpus,
        IProcessGroup group,
        bool resume,
        CancellationToken stop,
        TestedKernels? tested = null
    )
    {
        try
        {
            if (folder is null)
                return Train(SilentProgress.Instance);
            var code = ConsoleProgress.Watch(Terminal.Out, progress =>
            {
                foreach (var note in corpus.Notes)
                    progress.Note(note);
                using var events = new TensorBoardProgress(folder.Root, progress);
                if (!MeasuresCost)
                    return Train(events);
                var measured = new MeasuredProgress(events);
                var end = Train(measured);
                measured.Measured().Save(folder.Root);
                return end;
            });
            var record = RunRecord.Load(folder.Root);
            var verdict = Verdict.Of(record);
            verdict.Save(folder.Root);
            RunReport.Print(Terminal.Out, record, verdict);
            return code;
        }
        catch (Exception e)
            when (e is NonFiniteException or ReplicaException or AudioFileException or CorpusException or StateDictException)
        {
            folder?.Fail(e.Message);
            throw;
        }
        catch (Exception e) when (e is GroupException or EngineException or KernelException)
        {
            folder?.Interrupt(e.Message);
            throw;
        }

        int Train(ITrainingProgress progress)
        {
            using var trainer = new Trainer(folder, config, corpus, progress, group, tested) { StopOnConfirmed = StopOnConfirmed };
            if (resume)
                trainer.Resume();
            if (trainer.Run(stop))
                return ExitCode.Good;
            return trainer.StoppedBy is not null ? ExitCode.CheckFailed : ExitCode.Interrupted;
        }
    }

    private RunStart Surroundings(RunConfig? config, IProcessGroup group) =>
        new()
        {
            Data = Path.GetFullPath(data),
            Processes = group.Size,
            Host = TensorHost.Fingerprint(config),
            Versions = Versions.All,
            GitCommit = Versions.GitCommit,
            Command = Environment.CommandLine,
        };
}
