using System.CommandLine;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Engine;
using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Cli;

/// <summary>`train`: a run from the first oracle check to the test, or its continuation.</summary>
internal static class TrainVerb
{
    public static Command Make()
    {
        var data = new Option<string>("--data") { Description = "Corpus: DIR/{train,valid,test}/{clean,noisy}/*.wav", Required = true, HelpName = "DIR" };
        var output = new Option<string>("--out") { Description = "Run folder, new or empty (with --resume: of the run)", Required = true, HelpName = "RUN" };
        var preset = new Option<string?>("--preset") { Description = "cmgan (default), upstream, small or tiny", HelpName = "P" };
        var config = new Option<string?>("--config") { Description = "JSON file with any of the knobs", HelpName = "F" };
        var set = new Option<string[]>("--set") { Description = "One knob; can be repeated (speechgan config lists all)", HelpName = "key=value", AllowMultipleArgumentsPerToken = false };
        var epochs = new Option<int?>("--epochs") { Description = "train.epochs", HelpName = "N" };
        var seed = new Option<long?>("--seed") { Description = "seed", HelpName = "N" };
        var device = new Option<string?>("--device") { Description = "train.device: cpu, cuda or cuda:N", HelpName = "D" };
        var generator = new Option<string?>("--init-generator") { Description = "Weights to begin with (safetensors)", HelpName = "F" };
        var discriminator = new Option<string?>("--init-discriminator") { Description = "Weights to begin with (safetensors)", HelpName = "F" };
        var resume = new Option<bool>("--resume") { Description = "Continue the run in --out; its own configuration decides" };
        var verb = new Command("train", "Train on a corpus; everything goes into the run folder.")
        {
            data, output, preset, config, set, epochs, seed, device, generator, discriminator, resume,
        };
        verb.SetAction((parsed, stop) => Task.FromResult(Guard.Run(() =>
        {
            if (parsed.GetValue(resume))
            {
                var given = new Option[] { preset, config, set, epochs, seed, device, generator, discriminator }
                    .Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name).ToList();
                if (given.Count > 0)
                    throw new UsageException($"--resume continues a run with its own configuration; {string.Join(", ", given)} cannot be given with it. Start a new run for other values.");
                return Continue(parsed.GetValue(data)!, parsed.GetValue(output)!, stop);
            }
            var overrides = new List<string>();
            Add("train.epochs", parsed.GetValue(epochs));
            Add("seed", parsed.GetValue(seed));
            Add("train.device", parsed.GetValue(device));
            Add("train.initGenerator", FullPath(parsed.GetValue(generator)));
            Add("train.initDiscriminator", FullPath(parsed.GetValue(discriminator)));
            overrides.AddRange(parsed.GetValue(set) ?? []);
            var resolved = RunConfig.Load(parsed.GetValue(preset), parsed.GetValue(config), overrides);
            return Start(parsed.GetValue(data)!, parsed.GetValue(output)!, resolved, stop);

            void Add(string key, object? value)
            {
                if (value is not null)
                    overrides.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}={value}"));
            }
        })));
        return verb;
    }

    /// <summary>A new run.</summary>
    public static int Start(string data, string output, RunConfig config, CancellationToken stop)
    {
        var corpus = Open(data, config);
        using var folder = RunFolder.Create(output, config, Surroundings(config));
        return Run(folder, corpus, resume: false, stop);
    }

    private static int Continue(string data, string output, CancellationToken stop)
    {
        using var folder = RunFolder.Resume(output, Surroundings(null));
        if (folder.Info.Status == RunStatus.Completed)
            throw new UsageException($"The run in '{output}' is complete; there is nothing to continue.");
        return Run(folder, Open(data, folder.Config), resume: true, stop);
    }

    private static int Run(RunFolder folder, PairedCorpus corpus, bool resume, CancellationToken stop)
    {
        try
        {
            var complete = ConsoleProgress.Watch(Terminal.Out, progress =>
            {
                foreach (var note in corpus.Notes)
                    progress.Note(note);
                using var trainer = new Trainer(folder, corpus, progress);
                if (resume)
                    trainer.Resume();
                return trainer.Run(stop);
            });
            var verdict = Verdict.Of(RunRecord.Load(folder.Root));
            verdict.Save(folder.Root);
            RunReport.Print(Terminal.Out, RunRecord.Load(folder.Root), verdict);
            return complete ? ExitCode.Good : ExitCode.Interrupted;
        }
        catch (Exception e) when (e is NonFiniteException or AudioFileException or CorpusException or StateDictException)
        {
            folder.Fail(e.Message);
            throw;
        }
    }

    private static PairedCorpus Open(string data, RunConfig config) => PairedCorpus.Open(data, new CorpusOptions
    {
        Channel = config.Data.Channel,
        OnLengthMismatch = config.Data.OnLengthMismatch,
        Seed = config.Seed,
        HoldOutShare = config.Data.HoldOut,
        MixIn = config.Data.MixIn,
        MixInShare = config.Data.MixInShare,
        CacheBytes = (long)config.Data.CacheMegabytes << 20,
    });

    private static RunStart Surroundings(RunConfig? config) => new()
    {
        Host = HostFingerprint.Of(EngineInfo.Libtorch, EngineInfo.Blas is { } blas ? Path.GetFileName(blas) : null, config?.Train.Threads, config?.Train.Device),
        Versions = Versions.All,
        GitCommit = Versions.GitCommit,
        Command = Environment.CommandLine,
    };

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);
}
