using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Tests.Unit.Training;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>Tensors are freed by scopes, not by luck: their number is constant over training steps, and memory with it.</summary>
[RequiresTensorEngine]
[NonParallelizable]
internal sealed class LeakTests
{
    // MB over the second half of the steps. From some hundreds on all code is compiled and malloc has its blocks: readings differed by 0.1
    // (400 steps) and 0.7 (1,500), so that with 10,000 steps 400 bytes a step would be seen. In a short run code is compiled meanwhile: 2.1
    // from step 20 to 40.
    private const double Growth = 2,
        GrowthOfShortRun = 8;
    private const int ShortRun = 400;

    [Test]
    public void Training_steps_leave_the_number_of_live_tensors_as_it_was()
    {
        // TorchSharp 0.107 goes on counting the empty shell of a tensor that a Parameter has taken over: networks leave one a parameter,
        // and no memory.
        set_num_threads(1);
        var shells = Left(steps: 0);
        Left(steps: 20).Should().Be(shells, "whatever steps made is gone with the networks");

        static long Left(int steps)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = Tensor.TotalCount;
            using (var tiny = new TinyReference(Precision.Float32, TimeReference.Normalized))
            {
                var made = Tensor.TotalCount;
                made.Should().BeGreaterThan(before);
                var counts = Enumerable
                    .Range(0, steps)
                    .Select(_ =>
                    {
                        tiny.Step();
                        return Tensor.TotalCount;
                    })
                    .ToList();
                counts.Distinct().Should().HaveCountLessThan(2, "no step leaves a tensor behind");
            }
            return Tensor.TotalCount - before;
        }
    }

    // SPEECHGAN_STEPS=10000 is tools/soak-leaks.
    [Test]
    public void Memory_does_not_grow_over_steps_of_the_smallest_network([Values("fused", "operators")] string kernels)
    {
        var steps = int.TryParse(
            Environment.GetEnvironmentVariable("SPEECHGAN_STEPS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var wanted
        )
            ? wanted
            : 40;
        var config = Smallest(kernels == "fused" ? KernelChoice.Fused : KernelChoice.Operators);
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var networks = new Networks(config);
        Tensor clean = randn(1, 3200),
            noisy = randn(1, 3200);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var seen = new List<(int Step, long Tensors, double Megabytes)>();
        for (var step = 1; step <= steps; step++)
        {
            using (NewDisposeScope())
            {
                var pass = new GeneratorPass(networks, config.Loss).Run(clean, noisy);
                networks.GeneratorOptimizer.step();
                new DiscriminatorPass(networks, config.Metric).Run(pass.CleanMagnitude, pass.Magnitude, [0.5], [true]);
                networks.DiscriminatorOptimizer!.step();
            }
            if (step % Math.Max(1, steps / 10) == 0)
                seen.Add((step, Tensor.TotalCount, Resident()));
        }
        TestContext.Out.WriteLine($"{steps} steps (SPEECHGAN_STEPS) of {kernels} in {clock.Elapsed.TotalSeconds:F1} s");
        foreach (var (step, tensors, megabytes) in seen)
            TestContext.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"step {step, 6}: {tensors} live tensors, {megabytes:F1} MB resident")
            );
        seen.Should().OnlyContain(s => s.Tensors == seen[0].Tensors, "no step leaves a tensor behind");
        (seen[^1].Megabytes - seen[seen.Count / 2].Megabytes).Should().BeLessThan(steps < ShortRun ? GrowthOfShortRun : Growth);
    }

    private static RunConfig Smallest(KernelChoice kernels)
    {
        var config = RunConfig.Load(
            "tiny",
            null,
            ["model.channels=2", "model.heads=1", "model.blocks=1", "discriminator.features=2", "data.batchSize=1"]
        );
        return config with { Train = config.Train with { Kernels = kernels } };
    }

    /// <summary>Memory in use by this process after a collection, MB.</summary>
    private static double Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet / 1e6;
    }
}
