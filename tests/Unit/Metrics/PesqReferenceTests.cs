using SpeechGan.Metrics;
using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>A prepared clean signal changes no bit of a score, whatever it is asked to score.</summary>
public sealed class PesqReferenceTests
{
    [Test]
    public void Every_vector_has_the_same_bits()
    {
        MetricVector
            .All.AsParallel()
            .ForAll(vector =>
            {
                float[] clean = vector.Clean(),
                    enhanced = vector.Enhanced();
                foreach (PesqMode mode in Enum.GetValues<PesqMode>())
                {
                    var reference = new PesqReference(clean.AsSpan(), vector.Rate, mode);
                    Same(reference, clean, enhanced, vector.Name);
                    Same(reference, clean, enhanced, vector.Name + ", the second time");
                }
            });
    }

    // Below, at and above the reference's own peak: on one side what was prepared is used, on the other it must not be.
    [Test]
    public void Gains_around_the_peak_of_the_clean_signal_have_the_same_bits()
    {
        const int seed = 20261122;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int prepared = 0,
            scratch = 0;
        foreach (string name in new[] { "white25", "babble0", "musical", "vardelay_inside", "babble5_8k", "short_260ms", "ploss" })
        {
            MetricVector vector = MetricVector.Named(name);
            float[] clean = vector.Clean(),
                enhanced = vector.Enhanced();
            PesqMode mode = vector.Rate == 16000 && random.Next(2) == 0 ? PesqMode.WideBand : PesqMode.NarrowBand;
            var reference = new PesqReference(clean.AsSpan(), vector.Rate, mode);
            float level = Peak(clean) / Peak(enhanced);
            float[] gains =
            [
                level,
                MathF.BitDecrement(level),
                MathF.BitIncrement(level),
                level * (0.5f + random.NextSingle()),
                level * (0.9f + 0.2f * random.NextSingle()),
            ];
            foreach (float gain in gains)
            {
                float[] scaled = [.. enhanced.Select(x => x * gain)];
                bool fits = scaled.Length == clean.Length && Peak(scaled) <= Peak(clean);
                if (fits)
                    prepared++;
                else
                    scratch++;
                Same(reference, clean, scaled, $"{name}, gain {gain}", fits);
            }
        }

        prepared.Should().BePositive();
        scratch.Should().BePositive();
    }

    [Test]
    public void A_prepared_signal_saves_transforms()
    {
        MetricVector vector = MetricVector.Named("white25");
        float[] clean = vector.Clean(),
            enhanced = [.. vector.Enhanced().Select(x => 0.5f * x)];
        var reference = new PesqReference(clean.AsSpan(), vector.Rate, PesqMode.WideBand);
        reference.Analyse(enhanced);
        long again = reference.Analyse(enhanced).Transforms.Butterflies;
        again.Should().BeLessThan(3 * Pesq.Analyse<float>(clean, enhanced, vector.Rate, PesqMode.WideBand).Transforms.Butterflies / 4);
    }

    [Test]
    public void Threads_share_one_reference()
    {
        string[] names = ["white25", "pink20", "musical", "clip", "echo", "gainstep"];
        foreach (IGrouping<string, MetricVector> versions in names.Select(MetricVector.Named).GroupBy(v => v.Ref))
        {
            float[] clean = versions.First().Clean();
            var reference = new PesqReference(clean.AsSpan(), 16000, PesqMode.WideBand);
            Enumerable
                .Range(0, 16)
                .AsParallel()
                .WithDegreeOfParallelism(8)
                .ForAll(i =>
                {
                    MetricVector version = versions.ElementAt(i % versions.Count());
                    float[] enhanced = [.. version.Enhanced().Select(x => x * (0.1f + 0.05f * i))];
                    Same(reference, clean, enhanced, version.Name);
                });
        }
    }

    [Test]
    public void What_cannot_be_scored_has_the_same_reason()
    {
        float[] clean = MetricVector.Named("white25").Clean();
        float[] silent = new float[clean.Length],
            constant = [.. clean.Select(_ => 0.1f)],
            bad = [.. clean];
        bad[77] = float.NaN;
        float[] faint = [.. clean.Select((_, i) => (float)(1e-30 * Math.Sin(i)))];
        float[][] signals = [clean, silent, constant, bad, faint, clean[..3999], []];
        foreach (float[] reference in signals)
        {
            foreach (int rate in new[] { 8000, 16000, 44100 })
            {
                foreach (PesqMode mode in Enum.GetValues<PesqMode>())
                {
                    var prepared = new PesqReference(reference.AsSpan(), rate, mode);
                    foreach (float[] enhanced in signals)
                        Same(prepared, reference, enhanced, $"{rate} Hz");
                }
            }
        }
    }

    [Test]
    public void Stability_has_the_same_bits()
    {
        MetricVector vector = MetricVector.Named("babble10");
        float[] clean = vector.Clean(),
            enhanced = [.. vector.Enhanced().Select(x => 0.5f * x)];
        var reference = new PesqReference(clean.AsSpan(), 16000, PesqMode.WideBand);
        MetricResult pesq = reference.Score(enhanced);
        PesqStability.Moved(reference, enhanced, pesq).Should().Be(PesqStability.Moved(clean, enhanced, 16000, PesqMode.WideBand, pesq));
        PesqStability.Moved(reference, enhanced, default).Should().Be(default(MetricResult));
    }

    private static void Same(PesqReference reference, float[] clean, float[] enhanced, string because, bool? prepared = null)
    {
        PesqAnalysis expected = Pesq.Analyse<float>(clean, enhanced, reference.SampleRate, reference.Mode),
            found = reference.Analyse(enhanced);
        reference.Score(enhanced).Should().Be(Pesq.Score(clean, enhanced, reference.SampleRate, reference.Mode), because);
        found.Raw.Should().Be(expected.Raw, because);
        found.SymmetricIndicator.Should().Be(expected.SymmetricIndicator, because);
        found.AsymmetricIndicator.Should().Be(expected.AsymmetricIndicator, because);
        found.SplitUtterances.Should().Equal(expected.SplitUtterances, because);
        found.CrudeDelay.Should().Be(expected.CrudeDelay, because);
        if (prepared is true && expected.Failure is null)
            found.Transforms.Butterflies.Should().BeLessThan(expected.Transforms.Butterflies, because);
        if (prepared is false)
            found.Transforms.Butterflies.Should().Be(expected.Transforms.Butterflies, because);
    }

    private static float Peak(float[] signal) => signal.Max(Math.Abs);
}
