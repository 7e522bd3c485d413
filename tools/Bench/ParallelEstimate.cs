using System.Globalization;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// What a step of N processes would cost, by the alpha-beta model: a message of S bytes takes alpha + S / bandwidth. Rings: a sum is 2
/// (N-1) messages of S / N bytes, a gather N-1 messages. A step is as long as its slowest rank: for normally distributed step times with
/// relative deviation s that is about 1 + s sqrt(2 ln N) times the mean. It is arithmetic, not a measurement.
/// Usage: <c>estimate [--step-seconds T] [--latency-us A] [--gigabytes B] [--deviation S] [--utterances U] [--batch N]</c>.
/// </summary>
internal static class ParallelEstimate
{
    // The full-size networks' gradients in float32, two sums a step; four exchanges of one slot; with synchronised BatchNorm four sums of a
    // layer's statistics in each of eight conformers.
    private const double GeneratorBytes = 4.0 * 1_834_833,
        DiscriminatorBytes = 4.0 * 181_650,
        Slot = 2048,
        Statistics = 4.0 * 129;
    private const int Exchanges = 4,
        StatisticSums = 8 * 4;

    public static int Run(string[] args)
    {
        double compute = Number("--step-seconds", 8),
            alpha = Number("--latency-us", 50) * 1e-6,
            bandwidth = Number("--gigabytes", 1) * 1e9,
            deviation = Number("--deviation", 0.03);
        double utterances = Number("--utterances", 11_572),
            batch = Number("--batch", 4);
        Console.WriteLine(
            $"{compute} s of computing a step and rank (deviation {deviation}), {alpha * 1e6:0.#} us a message, {bandwidth / 1e9} "
                + $"GB/s; {batch} cuts a rank, {utterances} utterances"
        );
        Console.WriteLine(
            $"{"ranks", 6} {"collectives s", 14} {"synchronised s", 15} {"slowest rank s", 15} {"efficiency", 11} {"synchronised", 13} "
                + $"{"steps an epoch", 15}"
        );
        foreach (var n in new[] { 1, 2, 8, 64, 512 })
        {
            double Sum(double bytes) => 2 * (n - 1) * (alpha + (bytes / n / bandwidth));
            double Gather(double bytes) => (n - 1) * (alpha + (bytes / bandwidth));
            var collectives = Sum(GeneratorBytes) + Sum(DiscriminatorBytes) + (Exchanges * Gather(Slot));
            var synchronised = StatisticSums * Sum(Statistics);
            var slowest = compute * deviation * Math.Sqrt(2 * Math.Log(n));
            double Efficiency(double extra) => 100 * compute / (compute + slowest + extra);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{n, 6} {collectives, 14:F4} {collectives + synchronised, 15:F4} {slowest, 15:F3} {Efficiency(collectives), 9:F1} "
                        + $"% {Efficiency(collectives + synchronised), 11:F1} % {Math.Floor(utterances / (batch * n)), 15:F0}"
                )
            );
        }
        return 0;

        double Number(string name, double otherwise) =>
            Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
                ? double.Parse(args[at + 1], CultureInfo.InvariantCulture)
                : otherwise;
    }
}
