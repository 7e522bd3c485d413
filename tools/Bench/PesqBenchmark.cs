using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SpeechGan.Metrics;
using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// Milliseconds of wide-band PESQ for a second of audio, over a folder of pairs with a `scores.json`: on one to all cores, against prepared clean signals, and the
/// time of its Fourier transforms alone, which are counted.
/// Usage: <c>pesq [FOLDER] [--repeats N] [--per-pair]</c>.
/// </summary>
internal static class PesqBenchmark
{
    private const int Rate = 16000;

    public static int Run(string[] args)
    {
        string folder = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "tests/Unit/Metrics/vectors";
        int at = Array.IndexOf(args, "--repeats");
        int repeats = at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1]) : 9;
        string scores = Path.Combine(folder, "scores.json");
        if (!File.Exists(scores))
        {
            Console.Error.WriteLine($"{scores} does not exist. Give a folder of metric vectors, or run this from the repository's root.");
            return 2;
        }

        List<Pair> pairs = Load(folder, scores);
        double seconds = pairs.Sum(p => p.Clean.Length / (double)Rate);
        Console.WriteLine($"{pairs.Count} pairs, {seconds:F1} s of audio at {Rate} Hz, wide-band, {repeats} repeats after warm-up");
        for (int warm = 0; warm < 5; warm++) All(pairs, 1); // tiered compilation has settled by then

        double floor = PesqFftFloor.Print(PesqFftFloor.Count(pairs.Select(p => (p.Clean, p.Enhanced)), Rate), seconds, repeats);
        Console.WriteLine();
        Console.WriteLine($"{"workers",8} {"minimum",10} {"median",10} {"speed-up",10}   ms per second of audio");
        double one = 0;
        for (int workers = 1; workers <= Environment.ProcessorCount; workers++)
        {
            double[] times = [.. Enumerable.Range(0, repeats).Select(_ => All(pairs, workers) / seconds).Order()];
            if (workers == 1) one = times[0];
            Console.WriteLine($"{workers,8} {times[0],10:F2} {times[repeats / 2],10:F2} {one / times[0],10:F2}");
        }

        Console.WriteLine($"{"floor",8} {floor,10:F2}   the transforms alone, one worker: {floor / one:P0} of the minimum");
        Prepared(pairs, repeats);

        if (args.Contains("--per-pair"))
        {
            foreach (Pair pair in pairs)
            {
                double best = Enumerable.Range(0, repeats).Min(_ => All([pair], 1));
                Console.WriteLine($"{pair.Name,-24} {pair.Clean.Length / (double)Rate,6:F2} s {best,8:F2} ms {best * Rate / pair.Clean.Length,8:F2} ms/s");
            }
        }

        return 0;
    }

    // Versions as long as their clean signal, brought to its peak, from scratch and against the prepared clean signal, one worker.
    private static void Prepared(List<Pair> pairs, int repeats)
    {
        List<Pair> fitting = [.. pairs.Where(p => p.Enhanced.Length == p.Clean.Length).Select(p => p with { Enhanced = AtPeakOf(p.Clean, p.Enhanced) })];
        PesqReference[] references = [.. fitting.Select(p => new PesqReference(p.Clean.AsSpan(), Rate, PesqMode.WideBand))];
        double seconds = fitting.Sum(p => p.Clean.Length / (double)Rate), scratch = double.PositiveInfinity, prepared = scratch;
        var work = new FftTally();
        for (int i = 0; i < fitting.Count; i++)
        {
            references[i].Score(fitting[i].Enhanced);
            work.Add(references[i].Analyse(fitting[i].Enhanced).Transforms);
        }

        for (int repeat = 0; repeat < repeats; repeat++)
        {
            scratch = Math.Min(scratch, All(fitting, 1) / seconds);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < fitting.Count; i++) references[i].Score(fitting[i].Enhanced);
            prepared = Math.Min(prepared, Stopwatch.GetElapsedTime(start).TotalMilliseconds / seconds);
        }

        double saved = 1 - work.Butterflies / (double)PesqFftFloor.Count(fitting.Select(p => (p.Clean, p.Enhanced)), Rate).Butterflies;
        Console.WriteLine($"{fitting.Count} versions as long as their clean signal, at its peak: {scratch:F2} from scratch, {prepared:F2} with it prepared, {saved:P0} less n log2 n");
    }

    private static float[] AtPeakOf(float[] clean, float[] enhanced)
    {
        float gain = 0.999f * clean.Max(Math.Abs) / enhanced.Max(Math.Abs);
        return [.. enhanced.Select(x => gain * x)];
    }

    private static double All(List<Pair> pairs, int cores)
    {
        long start = Stopwatch.GetTimestamp();
        if (cores == 1)
        {
            foreach (Pair pair in pairs) Pesq.Score(pair.Clean, pair.Enhanced, Rate, PesqMode.WideBand);
        }
        else
        {
            Parallel.ForEach(
                pairs, new ParallelOptions { MaxDegreeOfParallelism = cores },
                pair => Pesq.Score(pair.Clean, pair.Enhanced, Rate, PesqMode.WideBand));
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    // Only pairs that have a wide-band score: an error would be cheap.
    private static List<Pair> Load(string folder, string scores)
    {
        var pairs = new List<Pair>();
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(scores));
        foreach (JsonElement entry in document.RootElement.EnumerateArray())
        {
            if (!entry.TryGetProperty("wb", out JsonElement wb) || wb.ValueKind != JsonValueKind.Number) continue;
            bool vector = entry.TryGetProperty("name", out JsonElement name);
            string id = vector ? name.GetString()! : entry.GetProperty("id").GetString()!;
            string clean = vector ? entry.GetProperty("ref").GetString()! : id + "_ref.wav";
            string enhanced = vector ? entry.GetProperty("deg").GetString()! : id + "_deg.wav";
            pairs.Add(new Pair(id, Read(Path.Combine(folder, clean)), Read(Path.Combine(folder, enhanced))));
        }

        return pairs;
    }

    private static float[] Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = 12;
        while (Encoding.ASCII.GetString(bytes, at, 4) != "data") at += 8 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
        var samples = new float[BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4)) / 2];
        for (int i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + 8 + 2 * i)) / 32768f;
        return samples;
    }

    private sealed record Pair(string Name, float[] Clean, float[] Enhanced);
}
