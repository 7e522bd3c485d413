using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Engine;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Training;
using SpeechGan.Workflows;
using static TorchSharp.torch;

namespace SpeechGan.Cli.Verbs;

/// <summary>`evaluate`: what a trained generator makes of a corpus, utterance by utterance.</summary>
internal static class EvaluateVerb
{
    public static Command Make()
    {
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "Run folder (its best), checkpoint folder, or a generator's state dict (.safetensors, .pt, .pth)",
            Required = true,
            HelpName = "F",
        };
        var data = new Option<string>("--data")
        {
            Description = "DIR/test/{clean,noisy}, or DIR/{clean,noisy}",
            Required = true,
            HelpName = "DIR",
        };
        var save = new Option<string?>("--save") { Description = "Write the enhanced cuts here, 16 kHz 16-bit WAV", HelpName = "DIR" };
        var cut = new Option<string>("--cut") { Description = "center or full", DefaultValueFactory = _ => "center" };
        cut.AcceptOnlyFromAmong("center", "full");
        var seconds = new Option<double>("--seconds")
        {
            Description = "Length of a centre cut",
            DefaultValueFactory = _ => 4.0,
            HelpName = "S",
        };
        var set = new Option<string[]>("--set") { Description = "evaluation.* and data.* knobs", HelpName = "key=value" };
        var device = new Option<string>("--device")
        {
            Description = "cpu, cuda or cuda:N",
            DefaultValueFactory = _ => "cpu",
            HelpName = "D",
        };
        var json = new Option<bool>("--json") { Description = "For machines" };
        var verb = new Command("evaluate", "Score a trained generator on a corpus; the same bits every time.")
        {
            checkpoint,
            data,
            save,
            cut,
            seconds,
            set,
            device,
            json,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        var overrides = new List<string>
                        {
                            $"evaluation.cut={parsed.GetValue(cut)}",
                            string.Create(CultureInfo.InvariantCulture, $"evaluation.cutSeconds={parsed.GetValue(seconds)}"),
                        };
                        overrides.AddRange(parsed.GetValue(set) ?? []);
                        return Groups.Run(
                            (group, asked) =>
                            {
                                var local = RankAgreement.Require(
                                    group,
                                    null,
                                    [$"--checkpoint {parsed.GetValue(checkpoint)}", .. overrides]
                                );
                                using var source = Open(
                                    group,
                                    parsed.GetValue(checkpoint)!,
                                    RankDevice.Of(parsed.GetValue(device)!, group.Size, local)
                                );
                                foreach (var problem in group.Rank == 0 ? source.Problems : [])
                                    Terminal.Error.Line(problem);
                                var config = source.Config.With(overrides);
                                return Run(
                                    source with
                                    {
                                        Config = config,
                                    },
                                    parsed.GetValue(data)!,
                                    parsed.GetValue(save),
                                    parsed.GetValue(json),
                                    group,
                                    asked
                                );
                            },
                            stop
                        );
                    })
                )
        );
        return verb;
    }

    private static int Run(GeneratorSource source, string data, string? save, bool json, IProcessGroup group, CancellationToken stop)
    {
        set_num_threads(source.Config.Train.Threads);
        var corpus = RankAgreement.Corpus(group, () =>
            PairedCorpus.OpenForEvaluation(
                data,
                new CorpusOptions { Channel = source.Config.Data.Channel, OnLengthMismatch = source.Config.Data.OnLengthMismatch }
            )
        );
        foreach (var note in group.Rank == 0 ? corpus.Notes : [])
            Terminal.Error.Line(note);
        var kept = save is null ? null : new SharedFiles(group, (name, enhanced) => Write(save, name, enhanced));
        var evaluator = new SharedEvaluation(new Evaluator(source.Config), group);
        var enhancer = new Enhancer(source.Networks.Generator, source.Networks.Spectrum);
        var noisy = evaluator.EvaluateNoisy(corpus.Test, RecordName.Test, stop);
        var evaluations = evaluator.Evaluate(
            corpus.Test,
            RecordName.Test,
            1,
            cut => enhancer.Enhance(cut),
            null,
            kept is null ? null : (utterance, enhanced) => kept.Keep(utterance.Name, enhanced),
            stop
        );
        kept?.OnFirst();
        if (group.Rank > 0)
            return ExitCode.Good;
        if (json)
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        implementation = Pesq.Implementation,
                        scores = ScoreSet.Implementation,
                        scale = "int16",
                        source.Name,
                        cut = source.Config.Evaluation.Cut,
                        source.Config.Evaluation.CutSeconds,
                        utterances = evaluations,
                        noisy,
                        mean = Evaluator.Summarise(RecordName.Test, evaluations),
                        noisyMean = Evaluator.Summarise(RecordName.Test, noisy),
                    },
                    RunJson.Document
                )
            );
        else
            Print(Terminal.Out, source, noisy, evaluations);
        return ExitCode.Good;
    }

    /// <summary>Opens the generator on every rank; all must have the same weights.</summary>
    private static GeneratorSource Open(IProcessGroup group, string checkpoint, string device)
    {
        GeneratorSource? source = null;
        var digests = group.ShareTogether(() =>
        {
            TensorDevice.Require(device);
            source = GeneratorSource.Open(checkpoint, device);
            return group.Size == 1
                ? ""
                : Convert.ToHexStringLower(
                    SHA256.HashData([.. StateDict.Of(source.Networks.Generator).SelectMany(e => e.Value.Bytes.ToArray())])
                );
        });
        var odd = Array.FindIndex(digests, d => d != digests[0]);
        return odd < 0
            ? source!
            : throw new UsageException(
                $"Rank {odd} finds other weights in '{checkpoint}' than rank 0: every rank must see the same checkpoint."
            );
    }

    private static void Write(string folder, string name, float[] enhanced)
    {
        Directory.CreateDirectory(folder);
        var limited = WavFile.WritePcm16(Path.Combine(folder, name + ".wav"), enhanced, RunConfig.SampleRate);
        if (limited > 0)
            Terminal.Error.Line($"{name}: {limited} samples beyond full scale were limited.");
    }

    private static void Print(
        Terminal terminal,
        GeneratorSource source,
        IReadOnlyList<UtteranceEvaluation> noisy,
        IReadOnlyList<UtteranceEvaluation> enhanced
    )
    {
        var evaluation = source.Config.Evaluation;
        var cut =
            evaluation.Cut == EvaluationCut.Full
                ? "full length"
                : string.Create(CultureInfo.InvariantCulture, $"centre cuts of {evaluation.CutSeconds} s");
        terminal.Line(
            $"{source.Name}; {cut}; PESQ: {Pesq.Implementation.Name} {Pesq.Implementation.Version}, wide-band; "
                + $"{ScoreSet.Implementation.Name} {ScoreSet.Implementation.Version}, int16 scale"
        );
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("utterance", "noisy PESQ", "enhanced", "noisy SI-SDR", "enhanced", "");
        for (var i = 0; i < enhanced.Count; i++)
        {
            var unstable =
                enhanced[i].Metrics.TryGetValue(UtteranceScores.PesqMoved, out var moved) && moved > UtteranceScores.UnstableFrom;
            table.AddRow(
                Markup.Escape(enhanced[i].Name),
                Value(noisy[i], "noisy_" + UtteranceScores.Pesq, "F4"),
                Value(enhanced[i], UtteranceScores.Pesq, "F4"),
                Value(noisy[i], "noisy_" + UtteranceScores.SiSdr, "F2"),
                Value(enhanced[i], UtteranceScores.SiSdr, "F2"),
                unstable ? "unstable" : ""
            );
        }
        terminal.Table(table);
        ValidationSummary before = Evaluator.Summarise(RecordName.Test, noisy),
            after = Evaluator.Summarise(RecordName.Test, enhanced);
        terminal.Line(
            $"Mean PESQ: noisy {Mean(before, "noisy_" + UtteranceScores.Pesq, "F4")}, enhanced {Mean(after, UtteranceScores.Pesq, "F4")}; "
                + $"mean SI-SDR: noisy {Mean(before, "noisy_" + UtteranceScores.SiSdr, "F2")} dB, enhanced "
                + $"{Mean(after, UtteranceScores.SiSdr, "F2")} dB"
        );
        foreach (var metric in Metric.All.Where(m => m != Metric.PesqWideBand && m != Metric.SiSdr))
            terminal.Line(
                $"Mean {metric.Title}: noisy {Mean(before, "noisy_" + metric.Name, "F" + metric.Digits)}, enhanced "
                    + $"{Mean(after, metric.Name, "F" + metric.Digits)}"
            );
        foreach (var e in enhanced.Where(e => e.Unavailable.Count > 0))
            terminal.Line($"{e.Name}: {e.Unavailable.Values.First()}");
    }

    private static string Value(UtteranceEvaluation e, string metric, string format) =>
        e.Metrics.TryGetValue(metric, out var value) ? value.ToString(format, CultureInfo.InvariantCulture) : "none";

    private static string Mean(ValidationSummary summary, string metric, string format) =>
        (summary.Mean.TryGetValue(metric, out var value) ? value.ToString(format, CultureInfo.InvariantCulture) : "none")
        + (summary.Missing.TryGetValue(metric, out var missing) ? $" ({missing} without a value)" : "");
}
