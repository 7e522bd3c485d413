using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace SpeechGan.Tools.Fuzz;

/// <summary>Many executions of one target in this process: inputs that do something new are kept and changed further.</summary>
internal sealed class Soak(Target target, int seed, string finds)
{
    // Bounds of one execution, far above what an input of 64 KiB needs: beyond them a reader believes a number that the input made up.
    private const long MostBytes = 64L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <returns>How many different finds there were.</returns>
    public int Run(long executions, string repository)
    {
        var coverage = new Coverage(); // first: instrumented code writes into it from now on
        var random = new Random(seed);
        var mutator = new Mutator(random);
        var kept = target.Seeds(repository).ToList();
        var different = new HashSet<string>();
        long sound = 0;
        var all = Stopwatch.StartNew();
        var seeds = kept.Count;
        for (long i = 0; i < executions; i++)
        {
            var input = i < seeds ? kept[(int)i] : mutator.Change(kept[random.Next(kept.Count)], kept[random.Next(kept.Count)]);
            coverage.Begin();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
#pragma warning disable CA1031 // Whatever comes out that the reader's callers do not know is what is looked for.
            try
            {
                sound += target.Run(input) ? 1 : 0;
            }
            catch (Exception error)
            {
                Keep(
                    input,
                    different,
                    $"{error.GetType().Name}: {error.Message}\n{error.StackTrace}",
                    error.GetType().Name + error.StackTrace?.Split('\n')[0]
                );
            }
#pragma warning restore CA1031
            if (GC.GetAllocatedBytesForCurrentThread() - before is var taken and > MostBytes)
                Keep(input, different, $"{taken} bytes of memory for an input of {input.Length}", "memory");
            if (clock.Elapsed > Longest)
                Keep(input, different, $"{clock.Elapsed.TotalSeconds:F1} s for an input of {input.Length} bytes", "time");
            if (coverage.IsNew() && i >= seeds)
                kept.Add(input);
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name}: {executions} executions (seed {seed}) in {all.Elapsed.TotalSeconds:F0} s, {sound} of them sound "
                    + $"inputs; {coverage.Branches} branches, {kept.Count} inputs kept; {different.Count} finds"
            )
        );
        if (coverage.Branches == 0)
            throw new InvalidOperationException(
                "No branch was executed: the assemblies beside this program are not instrumented. Run tools/fuzz."
            );
        return different.Count;
    }

    private void Keep(byte[] input, HashSet<string> different, string words, string kind)
    {
        if (!different.Add(kind))
            return;
        Directory.CreateDirectory(finds);
        var path = Path.Combine(finds, $"{target.Name}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(path, input);
        Console.WriteLine($"{target.Name}: {path}\n  {words}");
    }
}
