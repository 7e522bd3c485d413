using System.CommandLine;
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

/// <summary>`train`: a run from the first reconstruction check to the test, or its continuation.</summary>
internal static class TrainVerb
{
    public static Command Make()
    {
        var data = new Option<string>("--data")
        {
            Description = "Corpus: DIR/{train,valid,test}/{clean,noisy}/*.wav",
            Required = true,
            HelpName = "DIR",
        };
        var output = new Option<string>("--out")
        {
            Description = "Run folder, new or empty (with --resume: of the run)",
            Required = true,
            HelpName = "RUN",
        };
        var preset = new Option<string?>("--preset") { Description = "cmgan (default), upstream, small or tiny", HelpName = "P" };
        var config = new Option<string?>("--config") { Description = "JSON file with any of the knobs", HelpName = "F" };
        var set = new Option<string[]>("--set")
        {
            Description = "One knob; can be repeated (speechgan config lists all)",
            HelpName = "key=value",
            AllowMultipleArgumentsPerToken = false,
        };
        var epochs = new Option<int?>("--epochs") { Description = "train.epochs", HelpName = "N" };
        var seed = new Option<long?>("--seed") { Description = "seed", HelpName = "N" };
        var device = new Option<string?>("--device") { Description = "train.device: cpu, cuda or cuda:N", HelpName = "D" };
        var generator = new Option<string?>("--init-generator") { Description = "Weights to begin with (safetensors)", HelpName = "F" };
        var discriminator = new Option<string?>("--init-discriminator")
        {
            Description = "Weights to begin with (safetensors)",
            HelpName = "F",
        };
        var resume = new Option<bool>("--resume")
        {
            Description = "Continue the run in --out; options that are given must be its own, apart from how long and how fast it trains",
        };
        var stopOn = new Option<string?>("--stop-on")
        {
            Description = "confirmed: end the run cleanly, exit code 1, when a cause is confirmed while it trains",
            HelpName = "WHAT",
        };
        stopOn.AcceptOnlyFromAmong("confirmed");
        var measure = new Option<bool>("--measure")
        {
            Description =
                $"Time a fixed loop beside each step, and write step times and the peak of memory to RUN/{RunPerformance.FileName}",
        };
        var verb = new Command("train", "Train on a corpus; everything goes into the run folder.")
        {
            data,
            output,
            preset,
            config,
            set,
            epochs,
            seed,
            device,
            generator,
            discriminator,
            resume,
            stopOn,
            measure,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        var overrides = new List<string>();
                        Add("train.epochs", parsed.GetValue(epochs));
                        Add("seed", parsed.GetValue(seed));
                        Add("train.device", parsed.GetValue(device));
                        Add("train.initGenerator", FullPath(parsed.GetValue(generator)));
                        Add("train.initDiscriminator", FullPath(parsed.GetValue(discriminator)));
                        overrides.AddRange(parsed.GetValue(set) ?? []);
                        if (parsed.GetValue(resume))
                        {
                            // The command that began the run, with --resume added, continues it.
                            var (named, file) = (parsed.GetValue(preset), parsed.GetValue(config));
                            var whole = (named ?? file) is null ? null : RunConfig.Load(named, file, overrides);
                            return Groups.Run(
                                (group, asked) =>
                                    Continue(
                                        parsed.GetValue(data)!,
                                        parsed.GetValue(output)!,
                                        whole,
                                        overrides,
                                        new Watch(parsed.GetValue(stopOn) is not null, parsed.GetValue(measure)),
                                        group,
                                        asked
                                    ),
                                stop
                            );
                        }
                        var resolved = RunConfig.Load(parsed.GetValue(preset), parsed.GetValue(config), overrides);
                        var watch = new Watch(parsed.GetValue(stopOn) is not null, parsed.GetValue(measure));
                        return Start(parsed.GetValue(data)!, parsed.GetValue(output)!, resolved, watch, stop);

                        void Add(string key, object? value)
                        {
                            if (value is not null)
                                overrides.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}={value}"));
                        }
                    })
                )
        );
        return verb;
    }

    /// <summary>A new run.</summary>
    /// <param name="data">Corpus.</param>
    /// <param name="output">Run folder.</param>
    /// <param name="config">Resolved configuration.</param>
    /// <param name="stop">Asks for an end after the current step.</param>
    public static int Start(string data, string output, RunConfig config, CancellationToken stop) =>
        Start(data, output, config, new Watch(StopOnConfirmed: false, Measure: false), stop);

    private static int Start(string data, string output, RunConfig config, Watch watch, CancellationToken stop) =>
        Groups.Run((group, asked) => Start(data, output, config, group, watch, asked), stop);

    private static int Start(string data, string output, RunConfig config, IProcessGroup group, Watch watch, CancellationToken stop)
    {
        group.Deadline = TimeSpan.FromSeconds(config.Train.CollectiveTimeoutSeconds);
        var local = RankAgreement.Require(group, config, []);
        var mine = config;
        group.Together(() => mine = RankDevice.Of(config, group.Size, local));
        var corpus = RankAgreement.Corpus(group, () => CorpusOfRun.Open(data, config));
        TestedKernels? tested = null;
        group.Together(() => tested = Trainer.Check(mine, corpus, group));
        RunFolder? folder = null;
        group.Together(() => folder = group.Rank == 0 ? RunFolder.Create(output, config, Surroundings(config, group, data)) : null);
        using (folder)
            return Run(folder, mine, corpus, group, resume: false, watch, stop, tested);
    }

    private static int Continue(
        string data,
        string output,
        RunConfig? whole,
        IReadOnlyList<string> overrides,
        Watch watch,
        IProcessGroup group,
        CancellationToken stop
    )
    {
        var local = RankAgreement.Require(group, whole, overrides);
        RunFolder? folder = null;
        group.Together(() => folder = group.Rank == 0 ? Resume(data, output, whole, overrides, group) : null);
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
            return Run(folder, mine, corpus, group, resume: true, watch, stop);
        }
    }

    private static RunFolder Resume(string data, string output, RunConfig? whole, IReadOnlyList<string> overrides, IProcessGroup group)
    {
        var before = RunRecord.Load(output);
        if (whole is not null && before.Config is { } stored)
            overrides = [.. Fixed(whole, stored), .. overrides];
        var config = before.Config?.With(overrides);
        if (before.Info.Status == RunStatus.Completed && before.Epochs.Count > 0 && config?.Train.Epochs <= before.Epochs[^1].Epoch)
            throw new UsageException(
                $"The run in '{output}' is complete: all {config.Train.Epochs} epochs are done. Give more with --epochs to train further."
            );
        return RunFolder.Resume(output, Surroundings(config, group, data), overrides);
    }

    // What a resumed run must keep and a preset or a file sets otherwise: the first of it is refused by name. What may change is changed
    // by an option of its own only, so that a preset does not undo an earlier --epochs.
    private static IEnumerable<string> Fixed(RunConfig whole, RunConfig stored)
    {
        var free = RunConfig.Keys.Where(k => k.FreeOnResume).Select(k => k.Key).ToHashSet();
        return whole.DifferencesTo(stored).Where(d => !free.Contains(d.Key)).Select(d => $"{d.Key}={d.Here}");
    }

    private static int Run(
        RunFolder? folder,
        RunConfig config,
        PairedCorpus corpus,
        IProcessGroup group,
        bool resume,
        Watch watch,
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
                if (!watch.Measure)
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
            using var trainer = new Trainer(folder, config, corpus, progress, group, tested) { StopOnConfirmed = watch.StopOnConfirmed };
            if (resume)
                trainer.Resume();
            return trainer.Run(stop) ? ExitCode.Good
                : trainer.StoppedBy is not null ? ExitCode.CheckFailed
                : ExitCode.Interrupted;
        }
    }

    private static RunStart Surroundings(RunConfig? config, IProcessGroup group, string data) =>
        new()
        {
            Data = Path.GetFullPath(data),
            Processes = group.Size,
            Host = TensorHost.Fingerprint(config),
            Versions = Versions.All,
            GitCommit = Versions.GitCommit,
            Command = Environment.CommandLine,
        };

    // What is asked of a training beside itself.
    private sealed record Watch(bool StopOnConfirmed, bool Measure);

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);
}
