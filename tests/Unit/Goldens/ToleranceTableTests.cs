using SpeechGan.Goldens;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class ToleranceTableTests
{
    [Test]
    public void Text_is_readable_and_reads_back_equal()
    {
        var text = Table().Write();
        text.Should()
            .Be(
                """
                SpeechGan golden tolerances, format 1
                measured: today, by hand

                scenario gan-0
                  loss.total 1E-05: 3 x 3.2E-06, seed 1: two threads

                scenario healthy
                  mean.pesq_wb 0.05: because
                  mean.si_sdr 0.5: because

                """
            );
        var copy = ToleranceTable.Parse(text, "t");
        copy.Should().BeEquivalentTo(Table());
        copy.Write().Should().Be(text);
        copy.For("gan-0").For("loss.total").Should().Be(1e-5);
        copy.For("other").Should().Be(Tolerances.None);
    }

    [Test]
    public void A_scenario_measured_anew_takes_its_place_alone()
    {
        var changed = Table().With("gan-0", new Tolerances { All = [new("loss.total", 1, "new")] });
        changed.For("gan-0").For("loss.total").Should().Be(1);
        changed.Scenarios["healthy"].Should().BeEquivalentTo(Table().Scenarios["healthy"]);
    }

    [Test]
    public void What_is_allowed_is_the_largest_that_any_scenario_has_with_its_cause()
    {
        var table = Table()
            .With(
                "starved",
                new Tolerances
                {
                    All = [new("mean.pesq_wb", 0.04, "narrower"), new("mean.si_sdr", 0.6, "wider"), new("loss.gan", 1, "its own")],
                }
            );
        table
            .For("healthy")
            .All.Should()
            .Equal(
                new Tolerance("loss.gan", 1, "starved: its own"),
                new Tolerance("loss.total", 1e-5, "gan-0: 3 x 3.2E-06, seed 1: two threads"),
                new Tolerance("mean.pesq_wb", 0.05, "healthy: because"),
                new Tolerance("mean.si_sdr", 0.6, "starved: wider")
            );
        table.For("starved").Should().BeEquivalentTo(table.For("healthy"));
        table.For("unknown").Should().Be(Tolerances.None);
    }

    [TestCase("\n\nscenario gan-0", "\nscenario gan-0", "t, line 3: expected an empty line and 'scenario NAME', each name once.")]
    [TestCase("scenario healthy", "scenario gan-0", "t, line 7: expected an empty line and 'scenario NAME', each name once.")]
    [TestCase("mean.si_sdr 0.5: because", "mean.si_sdr 0.5", "t, line 9: expected 'NAME NUMBER: CAUSE'.")]
    [TestCase("mean.si_sdr 0.5:", "mean.si_sdr half:", "t, line 9: expected 'NAME NUMBER: CAUSE'.")]
    [TestCase(
        "mean.si_sdr 0.5:",
        "mean.si_sdr -1:",
        "t, scenario 'healthy': The tolerance of 'mean.si_sdr' is -1; allowed are a name without spaces and a number of at least 0."
    )]
    [TestCase("mean.si_sdr 0.5:", "mean.pesq_wb 0.5:", "t, scenario 'healthy': A value has two tolerances.")]
    [TestCase("format 1", "format 2", "t, line 1: expected 'SpeechGan golden tolerances, format 1'.")]
    [TestCase("measured: ", "", "t, line 2: expected 'measured: HOW'.")]
    [TestCase("because\n  mean.si_sdr 0.5: because\n", "because", "t, line 1: the file does not end with a line feed; it was cut off.")]
    public void A_damaged_line_is_named(string found, string damaged, string sentence)
    {
        var text = Table().Write();
        text.Should().Contain(found);
        FluentActions
            .Invoking(() => ToleranceTable.Parse(text.Replace(found, damaged, StringComparison.Ordinal), "t"))
            .Should()
            .Throw<GoldenException>()
            .WithMessage(sentence);
    }

    [Test]
    public void Mutated_tables_are_read_or_refused_in_sentences()
    {
        const int seed = 20261126,
            count = 2000;
        TestContext.Out.WriteLine($"seed {seed}, {count} tables");
        var random = new Random(seed);
        var sound = Table().Write();
        for (var i = 0; i < count; i++)
        {
            var at = random.Next(sound.Length);
            var text = random.Next(3) switch
            {
                0 => sound.Remove(at, Math.Min(random.Next(1, 20), sound.Length - at)),
                1 => sound.Insert(at, sound.Substring(at, Math.Min(random.Next(1, 40), sound.Length - at))),
                _ => sound[..at] + (char)random.Next(1, 256) + sound[(at + 1)..],
            };
            try
            {
                ToleranceTable.Parse(text, "fuzz").Write().Should().NotBeEmpty();
            }
            catch (GoldenException e)
            {
                e.Message.Should().StartWith("fuzz");
            }
        }
    }

    [Test]
    public void Spread_keeps_the_largest_distance_with_its_place_and_becomes_a_tolerance()
    {
        var spread = new TrajectorySpread();
        spread.Add(GoldenSamples.Sample().Trajectory, GoldenSamples.Sample().Trajectory, "seed 1, once more").Should().BeEmpty();
        spread
            .Add(GoldenSamples.Sample().Trajectory, GoldenSamples.With(1, "mean.pesq_wb", 1.5 + 0.0123), "seed 1, two threads")
            .Keys.Should()
            .Equal("mean.pesq_wb");
        spread.Add(GoldenSamples.Sample().Trajectory, GoldenSamples.With(2, "mean.pesq_wb", 1.625 - 0.001), "seed 1, no vectors");

        spread.Problems.Should().BeEmpty();
        var tolerance = spread.Tolerances("the tool").All.Should().ContainSingle().Subject;
        tolerance
            .Should()
            .Be(new Tolerance("mean.pesq_wb", 0.037, "3 x 0.0123, the largest distance, found at seed 1, two threads, epoch 1 (the tool)"));

        spread.Add(GoldenSamples.Sample().Trajectory, GoldenSamples.With(1, "extra", 1), "seed 2, BLAS");
        spread.Problems.Should().Equal("seed 2, BLAS: epoch 1, extra: expected nothing, received 1, allowed distance 0");
    }

    private static ToleranceTable Table() =>
        new()
        {
            Measured = "today, by hand",
            Scenarios = new Dictionary<string, Tolerances>
            {
                ["healthy"] = new() { All = [new("mean.si_sdr", 0.5, "because"), new("mean.pesq_wb", 0.05, "because")] },
                ["gan-0"] = new() { All = [new("loss.total", 1e-5, "3 x 3.2E-06, seed 1: two threads")] },
            },
        };
}
