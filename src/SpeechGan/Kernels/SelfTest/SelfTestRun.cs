using System.Diagnostics;
using SpeechGan.Configuration;
using SpeechGan.Engine;
using SpeechGan.Models;
using SpeechGan.Runs;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>One self-test: the ways to compute in the order of preference, each checked until one is right.</summary>
internal sealed class SelfTestRun(
    RunConfig config,
    TestPurpose purpose,
    Device device,
    Func<KernelChoice, INetworkKernels> make,
    LibraryPaths paths
)
{
    private const int MostNamed = 3;

    private static readonly PathInForce Unused = new("unused", "it computes on the CPU alone");
    private static readonly PathInForce Unknown = new("unknown", "this libtorch does not export the calls that tell and switch it");

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly ScalarType type = config.Train.Precision == Precision.Float64 ? float64 : float32;
    private readonly bool onCpu = device.type == TorchSharp.DeviceType.CPU;

    /// <summary>A way to compute, and what its checks gave.</summary>
    private sealed record Way(KernelChoice Choice, INetworkKernels Kernels, bool? OneDnn, IReadOnlyList<KernelCheckRecord> Checks)
    {
        public bool IsRight => Checks.All(c => c.Right);

        public IEnumerable<string> Wrong => Checks.Where(c => !c.Right).Select(c => c.Operator + c.Shape);

        public string Name =>
            (Choice == KernelChoice.Fused ? "fused kernels" : "operators")
            + OneDnn switch
            {
                true => ", oneDNN on",
                false => ", oneDNN off",
                null => "",
            };

        public string Fault => $"wrong with {Name}: {Named(Checks)}";
    }

    /// <summary>Checks way after way, and leaves the process with the one that is chosen.</summary>
    /// <exception cref="KernelException">None is right, and the run is to be refused then.</exception>
    public TestedKernels Decide()
    {
        var nnpackOff = onCpu && paths.Switch(LibraryPath.Nnpack, false);
        var networks = new NetworkChecks(config, purpose);
        var reference = type == float64 && onCpu; // operators in float64 on the CPU are what everything is held against
        var tried = new List<Way>();
        foreach (var (choice, oneDnn) in Ways())
        {
            if (oneDnn is { } on)
                paths.Switch(LibraryPath.OneDnn, on);
            var kernels = make(choice);
            var checks = reference && choice == KernelChoice.Operators ? [] : networks.Of(choice);
            tried.Add(
                new Way(
                    choice,
                    kernels,
                    oneDnn,
                    [.. checks.Select(c => c.Run(kernels, type, device, CheckLimit.Of(c.Terms, type, device)))]
                )
            );
            if (tried[^1].IsRight)
                return Chosen(tried[^1], tried, nnpackOff);
        }
        // The first is what a run without a self-test would have had.
        if (tried[0].OneDnn is not null)
            paths.Switch(LibraryPath.OneDnn, true);
        return config.Train.OnWrongKernels == WrongKernelsPolicy.Record
            ? Chosen(tried[0], [tried[0]], nnpackOff)
            : throw new KernelException(Refusal(tried));
    }

    private IEnumerable<(KernelChoice Choice, bool? OneDnn)> Ways()
    {
        // On first, whatever an earlier test of this process left: each record tells of oneDNN by itself.
        bool? oneDnn = onCpu && paths.Switch(LibraryPath.OneDnn, true) ? true : null;
        KernelChoice[] choices =
            onCpu && config.Train.Kernels == KernelChoice.Fused ? [KernelChoice.Fused, KernelChoice.Operators] : [KernelChoice.Operators];
        foreach (var choice in choices)
        {
            yield return (choice, oneDnn);
            if (oneDnn is not null)
                yield return (choice, false);
        }
    }

    private TestedKernels Chosen(Way way, List<Way> tried, bool nnpackOff)
    {
        var first = tried[0];
        var record = new KernelRecord
        {
            Device = config.Train.Device,
            Type = type == float64 ? "float64" : "float32",
            Kernels = new PathInForce(
                way.Choice == KernelChoice.Fused ? "fused" : "operators",
                way.Choice == first.Choice ? Reason(first.Choice) : first.Fault
            ),
            OneDnn = OneDnn(way, tried),
            Nnpack =
                !onCpu ? Unused
                : nnpackOff ? new PathInForce("off", "always: where a processor is unknown to it, it prints a warning for each convolution")
                : Unknown,
            Unchecked = way.Checks.Count == 0 ? "float64 by TorchSharp's operators on the CPU is the reference for everything else" : null,
            Checks =
            [
                .. tried[..^1].SelectMany(w => w.Checks.Where(c => !c.Right).Select(c => c with { Path = w.Name })),
                .. way.Checks.Select(c => c with { Path = way.Name, InForce = true }),
            ],
            Seconds = clock.Elapsed.TotalSeconds,
        };
        return new TestedKernels(way.Kernels, record, Sentence(way, first));
    }

    private static string? Sentence(Way way, Way first)
    {
        if (!way.IsRight)
            return $"Self-test of kernels: {Named(way.Checks)}. The run continues, as train.onWrongKernels=record says.";
        if (way == first)
            return null;
        return $"Self-test of kernels: {first.Fault}. Computing with {way.Name}, where all {way.Checks.Count} checks are right.";
    }

    private PathInForce OneDnn(Way way, List<Way> tried) =>
        (onCpu, way.OneDnn) switch
        {
            (false, _) => Unused,
            (_, null) => Unknown,
            (_, true) => new PathInForce(
                "on",
                way.Choice == KernelChoice.Fused ? "the fused kernels do not use it" : "every operator is right with it"
            ),
            (_, false) => new PathInForce("off", tried.First(w => w.Choice == way.Choice).Fault),
        };

    private string Reason(KernelChoice choice) =>
        choice == config.Train.Kernels ? "as configured" : "the fused kernels compute on the CPU alone";

    private string Refusal(List<Way> tried)
    {
        var faults = tried
            .GroupBy(w => string.Join(",", w.Wrong))
            .Select(g => $"With {string.Join(" and with ", g.Select(w => w.Name))}: {Named(g.First().Checks)}.");
        return $"This machine computes the networks wrongly, and no way to compute them is right. {string.Join(" ", faults)} "
            + "Training or enhancing with it would give numbers that mean nothing. "
            + $"Use another machine, another libtorch (docs/kernels.md), or {(onCpu ? "a GPU" : "train.device=cpu")}; speechgan doctor "
            + $"repeats the test. "
            + "To reproduce such a run on purpose, set train.onWrongKernels=record.";
    }

    private static string Named(IReadOnlyList<KernelCheckRecord> checks)
    {
        var wrong = checks.Where(c => !c.Right).ToList();
        return string.Join("; ", wrong.Take(MostNamed).Select(c => $"{c.Operator} ({c.Shape}): {c.Fault}"))
            + (wrong.Count > MostNamed ? $"; and {wrong.Count - MostNamed} more of {checks.Count} checks" : "");
    }
}
