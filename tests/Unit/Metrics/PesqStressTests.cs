using System.Text.Json;
using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class PesqStressTests
{
    [Test]
    public void Real_speech_under_random_degradations_agrees_with_the_reference()
    {
        string? folder = Find(Path.Combine("shared", "pesq", "stress"));
        if (folder is null)
            Assert.Ignore(
                "No folder shared/pesq/stress beside or above the repository: its pairs are recordings under their own licence and are "
                    + "not part of it."
            );

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "scores.json")));
        var jobs = new List<(string Id, int Rate, PesqMode Mode, double Expected)>();
        // Every third pair; all of them with SPEECHGAN_STRESS=all.
        int every = Environment.GetEnvironmentVariable("SPEECHGAN_STRESS") == "all" ? 1 : 3;
        foreach (JsonElement entry in document.RootElement.EnumerateArray().Where((_, i) => i % every == 0))
        {
            string id = entry.GetProperty("id").GetString()!;
            int rate = entry.GetProperty("rate").GetInt32();
            if (entry.GetProperty("nb").ValueKind == JsonValueKind.Number)
                jobs.Add((id, rate, PesqMode.NarrowBand, entry.GetProperty("nb").GetDouble()));
            if (entry.GetProperty("wb").ValueKind == JsonValueKind.Number)
                jobs.Add((id, rate, PesqMode.WideBand, entry.GetProperty("wb").GetDouble()));
        }

        var errors = jobs.AsParallel()
            .Select(job =>
            {
                float[] clean = MetricVector.ReadFloats(Path.Combine(folder, job.Id + "_ref.wav"));
                float[] enhanced = MetricVector.ReadFloats(Path.Combine(folder, job.Id + "_deg.wav"));
                return (job.Id, job.Mode, Error: Math.Abs(Pesq.Score(clean, enhanced, job.Rate, job.Mode).Value - job.Expected));
            })
            .OrderBy(e => e.Error)
            .ToArray();

        TestContext.Out.WriteLine(
            $"{errors.Length} scores: median {errors[errors.Length / 2].Error:E1}, within 1e-4 {errors.Count(e => e.Error <= 1e-4)}, "
                + $"largest {string.Join(", ", errors.TakeLast(6).Reverse().Select(e => $"{e.Id} {e.Mode} {e.Error:E1}"))}"
        );
        errors.Should().HaveCountGreaterThan(120 / every);
        // The bounds that the stress set states for itself: what is left goes back to the rounding of the reference's FFT.
        errors[errors.Length / 2].Error.Should().BeLessThanOrEqualTo(1e-6);
        errors.Count(e => e.Error <= 1e-4).Should().BeGreaterThanOrEqualTo((int)Math.Ceiling(0.97 * errors.Length));
        errors.Count(e => e.Error <= 3e-3).Should().BeGreaterThanOrEqualTo((int)Math.Ceiling(0.99 * errors.Length));
    }

    private static string? Find(string relative)
    {
        for (DirectoryInfo? at = new(TestContext.CurrentContext.TestDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, relative);
            if (File.Exists(Path.Combine(candidate, "scores.json")))
                return candidate;
        }

        return null;
    }
}
