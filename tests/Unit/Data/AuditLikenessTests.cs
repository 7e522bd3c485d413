using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>The same recording in two parts: however it was cut, scaled or shifted it is found, and what only sounds alike is
/// not.</summary>
public sealed class AuditLikenessTests
{
    private const int Rate = 16_000;
    private TemporaryFolder folder = null!;
    private string corpus = null!;

    [SetUp]
    public void Create()
    {
        folder = new TemporaryFolder();
        corpus = TestContext.CurrentContext.TestDirectory;
        while (!Directory.Exists(Path.Combine(corpus, "golden", "corpus")))
            corpus = Path.GetDirectoryName(corpus)!;
        corpus = Path.Combine(corpus, "golden", "corpus");
        for (var i = 1; i <= 6; i++)
            Put("train", i, "train", s => s);
        Put("test", 1, "test", s => s);
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Different_recordings_are_compared_and_none_is_alike()
    {
        var report = CorpusAudit.Run(folder.Path);
        report.Findings.Should().BeEmpty();
        report.Likeness.Should().Be(new AuditedLikeness(6, 0));
    }

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("scaled", s => Scale(s, 0.4f));
        yield return Case("its sign turned", s => Scale(s, -1));
        yield return Case("behind 0.3 s of silence", s => [.. new float[4800], .. s]);
        yield return Case("cut at its beginning, by no whole hop", s => s[7777..]);
        yield return Case("cut at both ends and scaled", s => Scale(s[5003..^4111], 0.7f));
        yield return Case("under noise 30 dB below it", s => Hiss(s));

        static TestCaseData Case(string name, Func<float[], float[]> change) => new TestCaseData(change).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Changes))]
    public void A_recording_of_the_training_part_is_found_in_the_test_part(Func<float[], float[]> change)
    {
        Put("train", 3, "test", change);
        var report = CorpusAudit.Run(folder.Path);
        var finding = report.Findings.Should().ContainSingle(f => f.Kind == "alike").Subject;
        TestContext.Out.WriteLine($"{finding.Sentence}");
        finding.Level.Should().Be(AuditLevel.Fault);
        finding.Sentence.Should().StartWith("test/te3 is train/tr3 cut, scaled or shifted: their clean sides correlate by ");
        finding.Observed.Should().BeGreaterThan(AuditLimits.Alike);
    }

    [TestCase(0)]
    [TestCase(5003)]
    [TestCase(5004)]
    [TestCase(5005)]
    public void At_48_kHz_a_cut_at_any_sample_is_found(int from)
    {
        var up = new Resampler(Rate, 48_000);
        foreach (var side in new[] { "clean", "noisy" })
        {
            var signal = up.Resample(Read("train", 3, side));
            WavFile.WritePcm16(Path.Combine(folder.Path, "train", side, "tr3.wav"), signal, 48_000);
            WavFile.WritePcm16(Path.Combine(folder.Path, "test", side, "te3.wav"), [.. signal[from..].Select(s => 0.7f * s)], 48_000);
        }
        var finding = CorpusAudit.Run(folder.Path).Findings.Should().ContainSingle(f => f.Kind == "alike").Subject;
        finding.Sentence.Should().StartWith("test/te3 is train/tr3 cut, scaled or shifted: their clean sides correlate by ");
        finding.Observed.Should().BeGreaterThan(0.98);
    }

    [Test]
    public void A_copy_to_the_last_sample_is_a_leak_and_not_told_twice()
    {
        Put("train", 3, "test", s => s);
        CorpusAudit.Run(folder.Path).Findings.Select(f => f.Kind).Distinct().Should().Equal("leak");
    }

    /// <summary>Prints the correlations that stand beside the limits.</summary>
    [Test]
    public void Envelopes_of_one_recording_agree_at_any_cut_and_those_of_strangers_less()
    {
        double least = 1,
            most = 0;
        for (var i = 1; i <= 6; i++)
        {
            var speech = Read("train", i);
            var whole = Envelope.Of(speech, Rate);
            foreach (var cut in new[] { 40, 80, 120, 1999, 8011 })
                least = Math.Min(least, Envelope.Compare(whole, Envelope.Of(speech.AsSpan(cut), Rate), Envelope.Rate)!.Value.Correlation);
            for (var j = i + 1; j <= 6; j++)
                most = Math.Max(most, Envelope.Compare(whole, Envelope.Of(Read("train", j), Rate), Envelope.Rate)!.Value.Correlation);
        }
        TestContext.Out.WriteLine($"one recording: {least:0.000} and more; strangers: {most:0.000} and less");
        least.Should().BeGreaterThan(0.93).And.BeGreaterThan(AuditLimits.AlikeEnvelopes);
        Envelope.Compare(new float[300], Envelope.Of(Read("train", 1), Rate), Envelope.Rate).Should().BeNull("nothing in silence moves");
    }

    [Test]
    public void Correlations_by_running_sums_are_those_of_the_parts_themselves()
    {
        float[] a = Envelope.Of(Read("train", 1), Rate),
            b = Envelope.Of(Read("train", 2), Rate);
        SummedEnvelope first = new(a),
            second = new(b);
        foreach (var (from, at, length) in new[] { (0, 0, 100), (37, 5, 90), (11, 60, 26), (a.Length - 30, b.Length - 30, 30) })
        {
            double[] x = [.. a.Skip(from).Take(length).Select(v => (double)v)],
                y = [.. b.Skip(at).Take(length).Select(v => (double)v)];
            double meanX = x.Average(),
                meanY = y.Average(),
                expected =
                    x.Zip(y, (u, v) => (u - meanX) * (v - meanY)).Sum()
                    / Math.Sqrt(x.Sum(u => (u - meanX) * (u - meanX)) * y.Sum(v => (v - meanY) * (v - meanY)));
            // The product is summed in 32 bits: 1e-7 of its size, which is up to a hundred times that of what is left of it.
            SummedEnvelope.Correlation(first, from, second, at, length).Should().BeApproximately(expected, 1e-5);
        }
    }

    [Test]
    public void A_time_that_is_over_leaves_out_and_says_how_much()
    {
        var report = CorpusAudit.Run(folder.Path, limit: TimeSpan.Zero);
        (report.LeftOut, report.IsComplete).Should().Be((7, false));
        report.Parts.Sum(p => p.Pairs).Should().Be(0);
        CorpusAudit
            .Run(folder.Path, limit: TimeSpan.FromHours(1))
            .Should()
            .BeEquivalentTo(CorpusAudit.Run(folder.Path), "with time enough the order changes nothing");
    }

    [Test]
    public void The_fingerprint_changes_with_a_file_and_not_with_a_reading()
    {
        var before = CorpusFingerprint.Of(folder.Path);
        CorpusAudit.Run(folder.Path).Fingerprint.Should().Be(before);
        Put("train", 3, "train", s => s[1..]);
        CorpusFingerprint.Of(folder.Path).Should().NotBe(before);
        CorpusFingerprint.Of(Path.Combine(folder.Path, "none")).Should().BeNull();
    }

    private static float[] Scale(float[] signal, float by) => [.. signal.Select(s => s * by)];

    private static float[] Hiss(float[] signal)
    {
        var random = new Random(5);
        var level = Math.Sqrt(signal.Average(s => s * s)) * 0.03 * Math.Sqrt(3);
        return [.. signal.Select(s => (float)(s + (level * ((2 * random.NextDouble()) - 1))))];
    }

    private float[] Read(string part, int number, string side = "clean") =>
        AudioFile
            .Read(Directory.GetFiles(Path.Combine(corpus, part, side)).Order(StringComparer.Ordinal).ElementAt(number - 1))
            .Mono(ChannelPolicy.Refuse);

    // The noisy side is changed as the clean one is, with noise of its own.
    private void Put(string from, int number, string to, Func<float[], float[]> change)
    {
        foreach (var side in new[] { "clean", "noisy" })
        {
            var path = Path.Combine(folder.Path, to, side, $"{to[..2]}{number}.wav");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            WavFile.WritePcm16(path, change(Read(from, number, side)), Rate);
        }
    }
}
