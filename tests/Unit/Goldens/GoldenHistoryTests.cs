using SpeechGan.Goldens;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class GoldenHistoryTests
{
    private static readonly string[] Goldens = ["golden 1\n", "golden 2\n", "golden 3\n"];

    [Test]
    public void A_chain_reads_back_and_is_held_against_the_approved_file()
    {
        var text = Chain(3);
        var history = GoldenHistory.Parse(text, "h", GoldenHistory.DigestOf(Goldens[2]));
        history.Interrupted.Should().BeFalse();
        history.Approvals.Select(a => a.Number).Should().Equal(1, 2, 3);
        history.Approvals[2].Replaced.Should().Be(GoldenHistory.DigestOf(Goldens[1]));
        history.Approvals[2].Previous.Should().Be(GoldenHistory.DigestOf(text.Split('\n')[1] + "\n"));
        GoldenHistory.Parse("", "h", null).Should().Be(GoldenHistory.None);
        GoldenHistory.None.Anchor().Should().BeNull();
    }

    [Test]
    public void A_history_one_approval_ahead_tells_of_an_interrupted_one()
    {
        var history = GoldenHistory.Parse(Chain(2), "h", GoldenHistory.DigestOf(Goldens[0]));
        history.Interrupted.Should().BeTrue();
        history.Effective.Select(a => a.Number).Should().Equal(1);
        GoldenHistory.Parse(Chain(1), "h", null).Should().BeEquivalentTo(new { Interrupted = true });
    }

    [Test]
    public void A_line_that_was_changed_taken_out_put_in_or_moved_breaks_the_chain()
    {
        var lines = Chain(3).TrimEnd('\n').Split('\n');
        Refused([lines[0], lines[2]])
            .Should()
            .Be(
                "h, line 2: the chain of approvals is broken: a line before it was changed, taken out or put in. Restore the file "
                    + "from version control."
            );
        Refused([lines[1], lines[0], lines[2]]).Should().StartWith("h, line 1: the chain of approvals is broken");
        Refused([lines[0], lines[0], lines[1], lines[2]]).Should().StartWith("h, line 2: the chain");
        Refused([lines[0].Replace("because 1", "because 9", StringComparison.Ordinal), lines[1], lines[2]])
            .Should()
            .StartWith("h, line 2: the chain");
        Refused([lines[0], lines[1].Replace("\"number\":2", "\"number\":3", StringComparison.Ordinal), lines[2]])
            .Should()
            .StartWith("h, line 2: the chain");
        Refused([lines[0].Replace(",\"anchor\":\"golden 1\\n\"", "", StringComparison.Ordinal)])
            .Should()
            .StartWith("h, line 1: the chain", "the first approval is what drift is measured from");
        Refused([
                lines[0],
                lines[1].Replace(GoldenHistory.DigestOf(Goldens[0]), GoldenHistory.DigestOf("x"), StringComparison.Ordinal),
                lines[2],
            ])
            .Should()
            .StartWith("h, line 2: the chain");
    }

    [TestCase("null", "null is not an approval record")]
    [TestCase("{}", "missing required properties")]
    [TestCase("half", "is an invalid start of a value")]
    [TestCase(" {0}", "it is not written as an approval is")]
    public void A_damaged_line_is_named(string line, string why) =>
        Refused([line.Replace("{0}", Chain(1).TrimEnd('\n'), StringComparison.Ordinal)])
            .Should()
            .StartWith("h, line 1: this is not an approval record (")
            .And.Contain(why)
            .And.EndWith("Restore the file from version control.");

    [Test]
    public void A_file_that_was_cut_off_is_told()
    {
        var whole = Chain(2);
        FluentActions
            .Invoking(() => GoldenHistory.Parse(whole[..^5], "h", null))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("h: the file does not end with a line feed; it was cut off.*");
    }

    [Test]
    public void Any_changed_byte_of_a_history_is_seen()
    {
        const int seed = 20261125;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sound = Chain(3);
        for (var i = 0; i < 2000; i++)
        {
            var at = random.Next(sound.Length);
            var changed = sound[..at] + (char)random.Next(32, 127) + sound[(at + 1)..];
            // The last line has no successor that holds its digest: what it says of the golden is checked, and its words are not.
            if (changed == sound || at >= sound.TrimEnd('\n').LastIndexOf('\n'))
                continue;
            FluentActions
                .Invoking(() => GoldenHistory.Parse(changed, "h", GoldenHistory.DigestOf(Goldens[2])))
                .Should()
                .Throw<GoldenException>("byte {0} became '{1}'", at, changed[at]);
        }
    }

    private static string Refused(string[] lines) =>
        FluentActions
            .Invoking(() => GoldenHistory.Parse(string.Concat(lines.Select(l => l + "\n")), "h", GoldenHistory.DigestOf(Goldens[2])))
            .Should()
            .Throw<GoldenException>()
            .Which.Message;

    private static string Chain(int length)
    {
        var text = "";
        for (var i = 0; i < length; i++)
        {
            var before = i == 0 ? GoldenHistory.None : GoldenHistory.Parse(text, "h", GoldenHistory.DigestOf(Goldens[i - 1]));
            var request = new ApprovalRequest
            {
                By = "Ada",
                Reason = $"because {i + 1}",
                When = new DateTimeOffset(2026, 11, 25, 12, i, 0, TimeSpan.Zero),
            };
            text = before.With(
                request,
                Goldens[i],
                i == 0 ? null : GoldenHistory.DigestOf(Goldens[i - 1]),
                i == 0 ? Goldens[0] : null,
                drifted: false
            );
        }
        return text;
    }
}
