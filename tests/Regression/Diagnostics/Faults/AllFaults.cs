using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Metrics;
using SpeechGan.Models;
using SpeechGan.Runs;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Regression.Diagnostics.Faults;

/// <summary>Every fault that can be expressed in a short training, one visible line each; docs/diagnosis.md says of the others why they
/// cannot occur.</summary>
internal static class AllFaults
{
    private static readonly string[] HalfSilent = ["data.mixIn=silent", "data.mixInShare=0.5"];

    public static Fault Healthy { get; } = new("healthy");

    public static IReadOnlyList<Fault> InOrder { get; } =
    [
        new("F1 target not normalised", "scale-fault") { Knobs = ["loss.timeReference=raw"], SeenInFirstStep = true },
        new("F2 one order for all epochs", "order-repeated") { Knobs = ["data.shuffle=once"] },
        new("F3 one unscorable clip drops its batch", "discriminator-starved") { Knobs = [.. HalfSilent, "metric.onFailure=drop-batch"] },
        new("F5 trained on clean pairs alone", "discriminator-clean-pairs-only")
        {
            InProofAlone = true,
            Knobs = [.. HalfSilent, "metric.onFailure=drop-batch"],
            Points = () => new AlwaysSteps(),
        },
        new("F6 clean real part in what is scored", "label-leak") { Points = () => new LeaksClean(), SeenInFirstStep = true },
        new("F7 steps without scores skipped whole", "batches-lost")
        {
            InProofAlone = true,
            Knobs = HalfSilent,
            Points = () => new SkipsSilent(),
        },
        new("F8 failed scores counted as -1", "failed-scores-counted")
        {
            Corpus = folder => Silence(folder, "valid"),
            Points = () => new CountsFailures(),
        },
        new("F10 evaluation on random cuts", "evaluation-not-comparable") { Knobs = ["evaluation.cut=random", "evaluation.cutSeconds=1"] },
        new("F11 test files choose the best epoch", "test-used-for-choosing") { Corpus = folder => Copy(folder, "valid", "test") },
        new("F12 best forgotten at a resume", "state-lost-at-resume") { ResumedAfter = 8, Points = () => new ForgetsBest() },
        new("F18 batches passed over", "batches-lost") { InProofAlone = true, Points = () => new SkipsEveryThird() },
        new("F20 silent generator", "generator-silent") { Points = () => new FallsSilent() },
        new("targets of other samples", "discriminator-targets") { InProofAlone = true, Points = () => new MixesTargets() },
        new("evaluation in training mode", "evaluated-in-training-mode") { Points = () => new StaysInTraining() },
        new("running statistics left behind", "running-statistics")
        {
            InProofAlone = true,
            Knobs = ["train.epochs=10", "evaluation.everyEpochs=5"],
            Points = () => new BreaksStatistics(),
        },
        new("discriminator says one thing", "discriminator-constant") { InProofAlone = true, Points = () => new SaysOneThing() },
        new("GAN term drowned", "loss-balance") { InProofAlone = true, Knobs = ["loss.weights.gan=0.00001"] },
        new("GAN term off", "loss-balance") { InProofAlone = true, Knobs = ["loss.weights.gan=0"] },
        new("learning rate a thousand times too high", "loss-jump", "gradients-unstable", "non-finite-values")
        {
            InProofAlone = true,
            Knobs = ["optimizer.generatorLearningRate=0.5"],
        },
        new("a weight that is not finite", "non-finite-values") { Points = () => new LosesAWeight(), Ends = true },
        new("a kernel that computes wrong", "kernels-wrong")
        {
            Knobs = ["train.onWrongKernels=record"],
            Points = () => new WrongKernel(),
            SeenInFirstStep = true,
        },
        new("noisy sides of other utterances", "data-faults") { Corpus = folder => Rotate(folder, "train", "noisy") },
        new("clean and noisy exchanged", "data-faults") { InProofAlone = true, Corpus = folder => Exchange(folder, "train") },
        new("noisy sides late by 20 ms", "data-faults")
        {
            InProofAlone = true,
            Corpus = folder => Change(folder, "train", "noisy", s => [.. new float[320], .. s[..^320]]),
        },
        new("clipped clean sides", "data-faults")
        {
            InProofAlone = true,
            Corpus = folder => Change(folder, "train", "clean", s => [.. s.Select(x => Math.Clamp(x * 8, -1f, 1f))]),
        },
    ];

    /// <summary>Pairs of faults in one run.</summary>
    public static IReadOnlyList<Fault> Pairs { get; } =
    [
        Of("F1").And(Of("F3")),
        Of("F1").And(Of("F10")),
        Of("F2").And(Of("F6")),
        Of("F3").And(Of("F2")),
        Of("F3").And(Of("F10")),
        Of("F10").And(Of("F18")),
        Of("F11").And(Of("F1")),
        Of("F20").And(Of("F2")),
        Of("GAN term off").And(Of("F10")),
        Of("noisy sides of").And(Of("F2")),
    ];

    /// <summary>A fault by the beginning of its name.</summary>
    public static Fault Of(string beginning) =>
        InOrder.First(f => f.Name.StartsWith(beginning + " ", StringComparison.Ordinal) || f.Name == beginning);

    private static IEnumerable<string> Files(string corpus, string part, string side) =>
        Directory.GetFiles(Path.Combine(corpus, part, side), "*.wav").Order(StringComparer.Ordinal);

    private static void Change(string corpus, string part, string side, Func<float[], float[]> change)
    {
        foreach (var file in Files(corpus, part, side))
            WavFile.WritePcm16(file, change(AudioFile.Read(file).Mono(ChannelPolicy.Refuse)), RunConfig.SampleRate);
    }

    // The last utterance of the part; its noisy side stays, so that it can be read and enhanced.
    private static void Silence(string corpus, string part)
    {
        var file = Files(corpus, part, "clean").Last();
        WavFile.WritePcm16(file, new float[AudioFile.Read(file).Mono(ChannelPolicy.Refuse).Length], RunConfig.SampleRate);
    }

    private static void Copy(string corpus, string from, string to)
    {
        foreach (var side in new[] { "clean", "noisy" })
        foreach (var file in Files(corpus, from, side))
            File.Copy(file, Path.Combine(corpus, to, side, Path.GetFileName(file)), overwrite: true);
    }

    // Each noisy side is another utterance's, cut or repeated to the length it has to have.
    private static void Rotate(string corpus, string part, string side)
    {
        var files = Files(corpus, part, side).ToList();
        var contents = files.Select(f => AudioFile.Read(f).Mono(ChannelPolicy.Refuse)).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            var other = contents[(i + 1) % files.Count];
            WavFile.WritePcm16(
                files[i],
                [.. Enumerable.Range(0, contents[i].Length).Select(n => other[n % other.Length])],
                RunConfig.SampleRate
            );
        }
    }

    private static void Exchange(string corpus, string part)
    {
        Directory.Move(Path.Combine(corpus, part, "clean"), Path.Combine(corpus, part, "aside"));
        Directory.Move(Path.Combine(corpus, part, "noisy"), Path.Combine(corpus, part, "clean"));
        Directory.Move(Path.Combine(corpus, part, "aside"), Path.Combine(corpus, part, "noisy"));
    }

    private sealed class AlwaysSteps : FaultPoints
    {
        public override bool Steps(BatchTargets targets) => true;
    }

    private sealed class LeaksClean : FaultPoints
    {
        public override Tensor Signal(Tensor signal, Tensor cleanReal, Tensor imaginary, Spectrum spectrum) =>
            // the real part stays in the graph, as it did there through the other terms
            spectrum.Signal(cleanReal, imaginary) + (signal * 0);
    }

    private sealed class SkipsSilent : FaultPoints
    {
        public override bool Skips(Batch batch, int epoch, long step) => batch.SilentClean.Contains(true);
    }

    private sealed class SkipsEveryThird : FaultPoints
    {
        private int seen;

        public override bool Skips(Batch batch, int epoch, long step) => ++seen % 3 == 0;
    }

    private sealed class CountsFailures : FaultPoints
    {
        public override ValidationSummary Validation(ValidationSummary summary, IReadOnlyList<UtteranceEvaluation> evaluations) =>
            summary with
            {
                Mean = summary.Mean.ToDictionary(m => m.Key, m => evaluations.Average(e => e.Metrics.GetValueOrDefault(m.Key, -1))),
                Missing = new Dictionary<string, int>(),
            };
    }

    private sealed class ForgetsBest : FaultPoints
    {
        public override RunState Resumed(RunState state) => state with { Best = null };
    }

    private sealed class FallsSilent : FaultPoints
    {
        public override void Stepped(Networks networks, int epoch, long step)
        {
            if (epoch < 2)
                return;
            using var quiet = no_grad();
            foreach (var (name, parameter) in networks.Generator.named_parameters())
                if (
                    name.StartsWith("mask_decoder", StringComparison.Ordinal)
                    || name.StartsWith("complex_decoder", StringComparison.Ordinal)
                )
                    parameter.zero_();
        }
    }

    private sealed class MixesTargets : FaultPoints
    {
        public override BatchTargets Targets(BatchTargets targets) =>
            targets with
            {
                Targets = [.. targets.Targets.Skip(1), targets.Targets[0]],
            };
    }

    private sealed class StaysInTraining : FaultPoints
    {
        public override void Evaluating(Networks networks) => networks.Generator.train(true);
    }

    private sealed class BreaksStatistics : FaultPoints
    {
        public override void Stepped(Networks networks, int epoch, long step)
        {
            using var quiet = no_grad();
            foreach (var (name, buffer) in networks.Generator.named_buffers())
            {
                if (name.EndsWith("running_var", StringComparison.Ordinal))
                    buffer.fill_(1e-4);
                if (name.EndsWith("running_mean", StringComparison.Ordinal))
                    buffer.fill_(-1);
            }
        }
    }

    private sealed class SaysOneThing : FaultPoints
    {
        public override void Stepped(Networks networks, int epoch, long step)
        {
            // While it trains: what writes into weights from the first step on is told by the rehearsal, and is another fault.
            if (epoch < 2)
                return;
            using var quiet = no_grad();
            // The bias of its one output: whatever comes in, the sigmoid says nearly 1.
            networks
                .Discriminator!.named_parameters()
                .Last(p => p.parameter.dim() == 1 && p.parameter.shape[0] == 1 && p.name.EndsWith("bias", StringComparison.Ordinal))
                .parameter.fill_(20);
        }
    }

    private sealed class WrongKernel : FaultPoints
    {
        public override INetworkKernels Kernels(KernelChoice choice) => new LoudFeedForward(base.Kernels(choice));
    }

    private sealed class LosesAWeight : FaultPoints
    {
        public override void Stepped(Networks networks, int epoch, long step)
        {
            if (step != 9)
                return;
            using var quiet = no_grad();
            networks.Generator.named_parameters().First().parameter.fill_(float.NaN);
        }
    }
}
