using SpeechGan.Cli;

namespace SpeechGan.Tests.Unit.Cli;

public sealed class ProgressLinesTests
{
    private readonly List<string> lines = [];
    private HandClock clock = null!;
    private ProgressLines progress = null!;

    [SetUp]
    public void Begin()
    {
        lines.Clear();
        clock = new HandClock();
        progress = new ProgressLines(clock, lines.Add);
    }

    [Test]
    public void What_is_done_within_two_seconds_says_nothing()
    {
        for (var i = 1; i <= 100; i++)
        {
            clock.Pass(0.019);
            progress.At("scoring pairs", i, 100);
        }
        lines.Should().BeEmpty();
    }

    [Test]
    public void A_line_comes_after_two_seconds_and_then_every_ten_with_the_time_left()
    {
        for (var i = 1; i <= 250; i++)
        {
            clock.Pass(0.1);
            progress.At("scoring pairs", i, 1000);
        }
        // The first pair began the stage: 20 of 1000 in 1.9 s leave 93.1 s.
        lines
            .Should()
            .Equal(
                "scoring pairs: 20 of 1000, 0:01:34 left",
                "scoring pairs: 120 of 1000, 0:01:28 left",
                "scoring pairs: 220 of 1000, 0:01:18 left"
            );
    }

    [Test]
    public void The_time_left_is_that_of_the_stage_and_not_of_what_a_resumed_work_had_done_before()
    {
        clock.Pass(3600);
        progress.At("reading", 900, 1000);
        clock.Pass(10);
        progress.At("reading", 909, 1000);
        lines.Should().Equal("reading: 900 of 1000", "reading: 909 of 1000, 0:01:31 left");
    }

    [Test]
    public void A_work_whose_end_nobody_knows_has_no_time_left()
    {
        clock.Pass(5);
        progress.At("reading lines", 7, 0);
        lines.Should().Equal("reading lines: 7");
    }

    [Test]
    public void Times_beyond_a_day_stay_in_hours() => ProgressLines.Time(TimeSpan.FromHours(49.5)).Should().Be("49:30:00");

    private sealed class HandClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(double seconds) => ticks += TimeSpan.FromSeconds(seconds).Ticks;

        public override long GetTimestamp() => ticks;
    }
}
