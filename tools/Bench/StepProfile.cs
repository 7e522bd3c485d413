using System.Diagnostics;
using System.Globalization;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// Where the time of a training step goes, by kind of module, each without the modules inside it. Usage:
/// <c>profile [--size small] [--way ours] [--steps N] [--threads N]</c>.
/// </summary>
internal static class StepProfile
{
    public static int Run(string[] args)
    {
        string size = StepBenchmark.Option(args, "--size", "small"),
            way = StepBenchmark.Option(args, "--way", "ours");
        var steps = int.Parse(StepBenchmark.Option(args, "--steps", "2"));
        set_num_threads(int.Parse(StepBenchmark.Option(args, "--threads", "2")));
        Console.WriteLine(Convolutions.MakeRight());
        var config = StepBenchmark.Config(size);
        using var scope = NewDisposeScope();
        using var networks = new Networks(config);
        using IStep step = StepBenchmark.Make(way, networks, config);
        var (clean, noisy, targets) = StepBenchmark.Signals(config, float32);
        step.Take(clean, noisy, targets);
        var clocks = new ModuleClocks(step.Modules);
        clocks.Clear(); // what came before is compiled now
        step.Take(clean, noisy, targets);
        clocks.Clear();
        var wall = Stopwatch.StartNew();
        for (var k = 0; k < steps; k++)
            step.Take(clean, noisy, targets);
        var total = wall.Elapsed.TotalSeconds / steps;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size}, {way}: {total:F3} s a step"));
        Console.WriteLine($"{"share", 6} {"forward ms", 11} {"backward ms", 12} {"calls", 6}  module, without those inside it");
        double known = 0;
        foreach (var (name, time) in clocks.Times.OrderByDescending(t => t.Value.Forward + t.Value.Backward))
        {
            known += (time.Forward + time.Backward) / steps;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(time.Forward + time.Backward) / steps / total, 6:P1} {time.Forward / steps * 1000, 11:F1} "
                        + $"{time.Backward / steps * 1000, 12:F1} {time.Calls / steps, 6}  {name}"
                )
            );
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(total - known) / total, 6:P1} {(total - known) * 1000, 24:F1} {"", 6}  outside of these: spectra, losses, "
                    + $"optimisers, gradients' sums"
            )
        );
        return 0;
    }
}

/// <summary>Time by kind of module, forward and backward.</summary>
/// <remarks>
/// Forward: from a hook before to a hook after. Backward: a view of the output and one of the input each have a backward that looks at the
/// clock;
/// autograd works through what was made last first, so that a module's backward lies between the two. A module whose input needs no
/// gradient ends with the one around it.
/// </remarks>
internal sealed class ModuleClocks
{
    private readonly Dictionary<string, Time> times = [];
    private readonly Stack<Open> open = [];

    public ModuleClocks(IEnumerable<nn.Module> networks)
    {
        foreach (var module in networks.SelectMany(n => n.modules()).OfType<nn.Module<Tensor, Tensor>>())
        {
            var name = module.GetType().Name;
            module.register_forward_pre_hook(
                (_, input) =>
                {
                    Begin(name, forward: true);
                    return Mark(input, name, begins: false);
                }
            );
            module.register_forward_hook(
                (_, _, output) =>
                {
                    End(name, forward: true);
                    return Mark(output, name, begins: true);
                }
            );
        }
    }

    /// <summary>Seconds by kind of module since the last <see cref="Clear"/>.</summary>
    public IReadOnlyDictionary<string, Time> Times => times;

    /// <summary>Forgets what was measured.</summary>
    public void Clear()
    {
        times.Clear();
        open.Clear();
    }

    private Tensor Mark(Tensor tensor, string name, bool begins) =>
        is_grad_enabled() && tensor.requires_grad ? Marker.apply(tensor, (Action)(() => Look(name, begins))) : tensor;

    private void Look(string name, bool begins)
    {
        if (begins)
            Begin(name, forward: false);
        else
            End(name, forward: false);
    }

    private void Begin(string name, bool forward) => open.Push(new(name, forward, Stopwatch.GetTimestamp()));

    private void End(string name, bool forward)
    {
        var now = Stopwatch.GetTimestamp();
        // Those inside that had no end of their own end here.
        while (open.TryPop(out var last))
        {
            var seconds = Stopwatch.GetElapsedTime(last.Since, now).TotalSeconds;
            var time = times.GetValueOrDefault(last.Name) ?? new Time(0, 0, 0);
            times[last.Name] = last.Forward
                ? time with
                {
                    Forward = time.Forward + seconds - last.Inside,
                    Calls = time.Calls + 1,
                }
                : time with
                {
                    Backward = time.Backward + seconds - last.Inside,
                };
            if (open.TryPeek(out var around))
                around.Inside += seconds;
            if (last.Name == name && last.Forward == forward)
                return;
        }
    }

    /// <summary>Seconds of all calls.</summary>
    internal sealed record Time(double Forward, double Backward, int Calls);

    private sealed class Open(string name, bool forward, long since)
    {
        public string Name => name;

        public bool Forward => forward;

        public long Since => since;

        public double Inside { get; set; }
    }

    /// <summary>A view whose backward tells somebody.</summary>
    private sealed class Marker : autograd.SingleTensorFunction<Marker>
    {
        public override string Name => "profile_marker";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("look", vars[1]);
            return ((Tensor)vars[0]).alias();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            ((Action)ctx.get_data("look"))();
            return [grad_output, null!];
        }
    }
}
