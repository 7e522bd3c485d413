using System.Globalization;
using System.Text.Json;
using SpeechGan.Cli;
using SpeechGan.Cli.Verbs;
using SpeechGan.Cli.Views;
using SpeechGan.Metrics;
using SpeechGan.Statistics;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Tests.Unit.Metrics;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Cli;

public sealed class ScoreVerbTests
{
    private static readonly string[] Names = ["white25", "white0", "pink12", "babble0", "musical", "clip"];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make_folders()
    {
        folder = new TemporaryFolder();
        foreach (string name in Names)
        {
            MetricVector vector = MetricVector.Named(name);
            byte[] clean = File.ReadAllBytes(Path.Combine(MetricVector.Folder, vector.Ref)),
                degraded = File.ReadAllBytes(Path.Combine(MetricVector.Folder, vector.Deg));
            folder.Write($"clean/{name}.wav", clean);
            folder.Write($"noisy/{name}.wav", degraded);
            folder.Write($"enhanced/{name}.wav", clean);
        }
    }

    [TearDown]
    public void Remove_folders() => folder.Dispose();

    [Test]
    public void Json_holds_every_value_in_full_precision_and_names_what_computed_it()
    {
        using JsonDocument json = JsonDocument.Parse(
            ScoreJson.Of(Report(new ScoreRequest { Reference = folder["clean"], Degraded = folder["noisy"] }))
        );
        JsonElement root = json.RootElement;
        JsonElement made = root.GetProperty("implementation");
        made.GetProperty("name").GetString().Should().Be("SpeechGan.Metrics");
        made.GetProperty("version").GetString().Should().Be("1.0");
        made.GetProperty("pesq").GetString().Should().Be("SpeechGan.Pesq 1.0");
        made.GetProperty("mode").GetString().Should().Be("both");
        made.GetProperty("scale").GetString().Should().Be("int16");
        root.GetProperty("pairs").EnumerateArray().Select(p => p.GetProperty("name").GetString()).Should().Equal(Names.Order());
        foreach (JsonElement pair in root.GetProperty("pairs").EnumerateArray())
        {
            MetricVector vector = MetricVector.Named(pair.GetProperty("name").GetString()!);
            ScoreSet scores = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 16000);
            foreach (Metric metric in Metric.All)
                pair.GetProperty(metric.Name).GetDouble().Should().Be(scores[metric].Value, metric.Name);
            pair.GetProperty("unavailable").EnumerateObject().Should().BeEmpty();
        }

        double[] pesq = [.. root.GetProperty("pairs").EnumerateArray().Select(p => p.GetProperty("pesq_wb").GetDouble())];
        root.GetProperty("mean").GetProperty("pesq_wb").GetDouble().Should().Be(SampleMean.Of(pesq));
        JsonElement interval = root.GetProperty("interval").GetProperty("pesq_wb");
        interval.GetProperty("count").GetInt32().Should().Be(6);
        interval.GetProperty("low").GetDouble().Should().BeLessThan(pesq.Average());
        interval.GetProperty("high").GetDouble().Should().BeGreaterThan(pesq.Average());
        root.GetProperty("missing").EnumerateObject().Should().BeEmpty();
    }

    [Test]
    public void What_has_no_value_is_absent_and_named_with_its_reason()
    {
        folder.WriteClip("clean/short.wav", 1000);
        folder.WriteClip("noisy/short.wav", 1000);
        folder.WriteClip("clean/orphan.wav", 1000);
        folder.Write("clean/text.wav", "text"u8.ToArray());
        folder.WriteClip("noisy/text.wav", 8000);
        ScoreReport report = Report(new ScoreRequest { Reference = folder["clean"], Degraded = folder["noisy"] });
        using JsonDocument json = JsonDocument.Parse(ScoreJson.Of(report));
        JsonElement root = json.RootElement,
            pair = root.GetProperty("pairs").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "short");
        pair.TryGetProperty("pesq_wb", out _).Should().BeFalse();
        pair.GetProperty("unavailable")
            .GetProperty("pesq_wb")
            .GetString()
            .Should()
            .Be("PESQ has no value: the clean signal has 1000 samples, at least 4000 (a quarter of a second) are needed.");
        pair.GetProperty("si_sdr").ValueKind.Should().Be(JsonValueKind.Number);
        root.GetProperty("missing").GetProperty("pesq_wb").GetInt32().Should().Be(2);
        root.GetProperty("missing").GetProperty("si_sdr").GetInt32().Should().Be(1);
        root.GetProperty("unscorable").EnumerateArray().Select(u => u.GetProperty("name").GetString()).Should().Equal("text", "orphan");
        report.AnyScored.Should().BeTrue();
        string text = Printed(report);
        text.Should()
            .Contain("2 could not be scored and are in no mean:")
            .And.Contain($"  orphan: {folder["clean", "orphan.wav"]} has no partner of that name in {folder["noisy"]}.")
            .And.Contain("PESQ wb of short: PESQ has no value: the clean signal has 1000 samples");
    }

    [Test]
    public void A_comparison_tells_differences_with_the_largest_change_first()
    {
        ScoreReport report = Report(
            new ScoreRequest
            {
                Reference = folder["clean"],
                Degraded = folder["noisy"],
                Other = folder["enhanced"],
            }
        );
        ScoreComparison comparison = report.Comparison!;
        comparison.Leading.Should().Be(Metric.PesqWideBand);
        double[] changes = [.. comparison.Pairs.Select(p => Math.Abs(p.Difference(Metric.PesqWideBand)!.Value))];
        changes.Should().BeInDescendingOrder();
        comparison.Pairs[^1].Name.Should().Be("white25", "the least noise leaves the least to gain");
        MetricDifference pesq = comparison.Differences[0];
        (pesq.Verdict, pesq.Difference!.Count, pesq.Missing).Should().Be(("better", 6, 0));
        pesq.Difference.Mean.Should().BeApproximately(pesq.Second!.Value - pesq.First!.Value, 1e-12);
        MetricDifference siSdr = comparison.Differences.Single(d => d.Metric == Metric.SiSdr);
        (siSdr.Difference, siSdr.Missing, siSdr.Verdict)
            .Should()
            .Be((null, 6, "no utterance has both values"), "the clean signal itself has no bound");
        using JsonDocument json = JsonDocument.Parse(ScoreJson.Of(report));
        JsonElement told = json.RootElement.GetProperty("comparison").GetProperty("metrics").GetProperty("pesq_wb");
        told.GetProperty("told_from_zero").GetBoolean().Should().BeTrue();
        told.GetProperty("difference").GetDouble().Should().Be(pesq.Difference.Mean);
        json.RootElement.GetProperty("comparison")
            .GetProperty("pairs")[0]
            .GetProperty("name")
            .GetString()
            .Should()
            .Be(comparison.Pairs[0].Name);
        string text = Printed(report);
        text.Should().Contain($"{folder["enhanced"]} minus {folder["noisy"]}, utterance by utterance:").And.Contain("better");
    }

    [Test]
    public void The_same_folder_twice_differs_by_nothing_that_can_be_told_from_zero()
    {
        ScoreReport report = Report(
            new ScoreRequest
            {
                Reference = folder["clean"],
                Degraded = folder["noisy"],
                Other = folder["noisy"],
            }
        );
        report.Comparison!.Differences.Should().OnlyContain(d => d.Difference!.Mean == 0 && d.Verdict == "cannot be told from zero");
    }

    [Test]
    public void An_utterance_whose_PESQ_jumps_for_faint_noise_is_marked()
    {
        ScoreSet scores = ScoreSet.Unscorable(UnscorableReason.Undefined, "None.");
        Stability(0.11).Unstable.Should().BeTrue();
        Stability(0.1).Unstable.Should().BeFalse();
        new SpeechGan.Evaluation.ScoredPair(new("a", "", ""), scores, null, null).Unstable.Should().BeNull();

        SpeechGan.Evaluation.ScoredPair Stability(double moved) => new(new("a", "", ""), scores, MetricResult.Of(moved), null);
    }

    [Test]
    public void Csv_has_a_line_a_pair_and_its_settings()
    {
        folder.Write("clean/odd, \"name\".wav", File.ReadAllBytes(folder["clean", "clip.wav"]));
        folder.Write("noisy/odd, \"name\".wav", File.ReadAllBytes(folder["noisy", "clip.wav"]));
        string[] lines = ScoreCsv
            .Of(
                Report(
                    new ScoreRequest
                    {
                        Reference = folder["clean"],
                        Degraded = folder["noisy"],
                        Mode = "wb",
                        Scale = "unit",
                    }
                )
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(8);
        lines[0]
            .Should()
            .Be(
                "name,pesq_wb,pesq_nb,pesq_nb_raw,csig,cbak,covl,ssnr,wss,llr,stoi,si_sdr,unavailable,"
                    + "implementation,version,pesq,program,mode,scale,rate"
            );
        lines.Should().ContainSingle(l => l.StartsWith("\"odd, \"\"name\"\"\","));
        lines[1]
            .Should()
            .EndWith(
                $"pesq_nb pesq_nb_raw: PESQ has no value: narrow-band was not asked for.,SpeechGan.Metrics,1.0,SpeechGan.Pesq "
                    + $"1.0,speechgan {Versions.Program},wb,unit,as it is"
            );
        MetricVector vector = MetricVector.Named("babble0");
        lines[1]
            .Split(',')[1]
            .Should()
            .Be(Pesq.Score(vector.Clean(), vector.Enhanced(), 16000, PesqMode.WideBand).Value.ToString("R", CultureInfo.InvariantCulture));
    }

    [Test]
    public void The_table_names_implementation_version_mode_and_scale_first()
    {
        string text = Printed(
            Report(
                new ScoreRequest
                {
                    Reference = folder["clean"],
                    Degraded = folder["noisy"],
                    Mode = "nb",
                    Scale = "unit",
                    Rate = 8000,
                }
            )
        );
        text.Should()
            .StartWith(
                "SpeechGan.Metrics 1.0, PESQ by SpeechGan.Pesq 1.0, narrow-band; unit scale (samples in [-1, 1]); resampled to 8000 Hz\n"
            );
        text.Should().Contain("95 % interval").And.Contain("white25").And.NotContain("not asked for");
    }

    [Test]
    public void Pairs_at_other_rates_are_resampled_where_that_is_asked_for_and_it_is_said()
    {
        var up = new SpeechGan.Data.Resampler(16_000, 48_000);
        foreach (string side in (string[])["clean", "noisy"])
            SpeechGan.Data.WavFile.WriteFloat32(
                folder[$"wide-{side}.wav"],
                up.Resample(SpeechGan.Data.AudioFile.Read(folder[side, "white25.wav"]).Interleaved),
                48_000
            );
        var request = new ScoreRequest { Reference = folder["wide-clean.wav"], Degraded = folder["wide-noisy.wav"] };
        ScoreReport refused = Report(request),
            resampled = Report(request with { Resample = true });
        refused.First.Pairs.Single().Scores[Metric.PesqWideBand].HasValue.Should().BeFalse();
        Printed(refused)
            .Should()
            .Contain(
                "Files at 48000 Hz have no PESQ and no measure that is built on it: --resample converts them to 16000 Hz, where every "
                    + "metric is defined."
            );
        ScoreJson.Of(refused).Should().Contain("--resample converts them to 16000 Hz");
        ScoreSet scores = resampled.First.Pairs.Single().Scores;
        foreach (Metric metric in Metric.All)
            scores[metric].HasValue.Should().BeTrue(metric.Name);
        ScoreSet byHand = ScoreSet.Of(Down("wide-clean.wav"), Down("wide-noisy.wav"), 16_000);
        foreach (Metric metric in Metric.All)
            scores[metric].Value.Should().Be(byHand[metric].Value, metric.Name);
        Printed(resampled)
            .Should()
            .Contain("other rates resampled to 16000 Hz")
            .And.Contain("Resampled from 48000 to 16000 Hz by SpeechGan's own filter: 1 pair.")
            .And.NotContain("--resample converts");
        using JsonDocument json = JsonDocument.Parse(ScoreJson.Of(resampled));
        json.RootElement.GetProperty("pairs")[0].GetProperty("resampled_from").GetInt32().Should().Be(48_000);
        json.RootElement.GetProperty("implementation").GetProperty("rate").GetString().Should().Be("16000");

        float[] Down(string name) =>
            new SpeechGan.Data.Resampler(48_000, 16_000).Resample(SpeechGan.Data.AudioFile.Read(folder[name]).Interleaved);
    }

    [Test]
    public void A_streamed_file_is_scored_and_its_note_is_told()
    {
        byte[] noisy = File.ReadAllBytes(folder["noisy", "clip.wav"]);
        noisy.AsSpan(40, 4).Fill(0xFF);
        ScoreReport report = Report(
            new ScoreRequest { Reference = folder["clean", "clip.wav"], Degraded = folder.Write("streamed.wav", noisy) }
        );
        string note = $"{folder["streamed.wav"]} was written into a pipe or never finished";
        Printed(report).Should().Contain(note);
        using JsonDocument json = JsonDocument.Parse(ScoreJson.Of(report));
        json.RootElement.GetProperty("notes")[0].GetProperty("note").GetString().Should().StartWith(note);
    }

    [Test]
    public void Two_rates_at_once_are_refused() =>
        FluentActions
            .Invoking(
                new ScoreRequest
                {
                    Reference = "",
                    Degraded = "",
                    Resample = true,
                    Rate = 8000,
                }.Validate
            )
            .Should()
            .Throw<UsageException>()
            .WithMessage("--resample converts files to 16000 Hz and --rate 8000 to another rate. Give one of the two.");

    [TestCase("--workers", "0", "--workers is 0; at least 1 is needed.")]
    [TestCase("--rate", "100", "--rate is 100; 4000 to 384000 can be made. PESQ needs 8000 or 16000, wide-band 16000.")]
    public void A_value_out_of_range_is_told(string option, string value, string sentence)
    {
        var request = new ScoreRequest { Reference = "", Degraded = "" };
        request = option == "--workers" ? request with { Workers = int.Parse(value) } : request with { Rate = int.Parse(value) };
        FluentActions.Invoking(request.Validate).Should().Throw<UsageException>().WithMessage(sentence);
    }

    [Test]
    public async Task The_exit_code_says_whether_anything_was_scored()
    {
        (await Run("score", folder["clean"], folder["noisy"], "--json", "--mode", "wb")).Should().Be(ExitCode.Good);
        (await Run("score", folder["clean"], folder["nowhere"], "--json")).Should().Be(ExitCode.BadUsage);
        string text = folder.Write("text.wav", "text"u8.ToArray());
        (await Run("score", text, folder["noisy", "clip.wav"], "--json")).Should().Be(ExitCode.BadUsage);
        (await Run("score", text, text, "--json", "--csv")).Should().Be(ExitCode.BadUsage);
        (await Run("score", text, text, "--scale", "loud")).Should().Be(ExitCode.BadUsage);
    }

    private static async Task<int> Run(params string[] args)
    {
        TextWriter standard = Console.Out;
        using var swallowed = new StringWriter();
        Console.SetOut(swallowed);
        try
        {
            return await CommandLine.RunAsync(args);
        }
        finally
        {
            Console.SetOut(standard);
        }
    }

    private static ScoreReport Report(ScoreRequest request) => ScoreRun.Score(request with { Workers = 2 }, CancellationToken.None);

    private static string Printed(ScoreReport report)
    {
        using var text = new StringWriter { NewLine = "\n" };
        ScoreTable.Print(Terminal.For(text, redirected: true), report);
        return text.ToString();
    }
}
