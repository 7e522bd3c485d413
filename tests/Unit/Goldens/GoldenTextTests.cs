using System.Globalization;
using SpeechGan.Goldens;
using static SpeechGan.Tests.Unit.Goldens.GoldenSamples;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class GoldenTextTests
{
    [Test]
    public void Text_is_made_to_be_read_in_a_diff()
    {
        GoldenText
            .Write(Sample())
            .Should()
            .Be(
                """
                SpeechGan golden trajectory, format 2
                name: tiny
                command: speechgan train --preset tiny
                version: 0.1.0
                date: 2026-11-22
                seed: 1
                corpus: tests/corpus
                host: CPU A; avx2; 2 cores
                tolerance mean.pesq_wb 0.05: three libtorch versions spread by 0.03
                tolerance utterance.pesq_wb 0.1: three libtorch versions spread by 0.06

                epoch 1
                  digest 00ff
                  loss.total 0.30000000000000004
                  mean.pesq_wb 1.5
                  absent discriminatorLoss: stepped on none of 2 batches
                  utterance "p 1" pesq_wb 1.25 si_sdr -3
                  utterance "p\"2" pesq_wb 1.75

                epoch 2
                  loss.total 0.25
                  mean.pesq_wb 1.625

                """
            );
    }

    [Test]
    public void Text_reads_back_equal()
    {
        var golden = Sample();
        var text = GoldenText.Write(golden);
        var copy = GoldenText.Parse(text, "copy");

        copy.Should().BeEquivalentTo(golden);
        GoldenText.Write(copy).Should().Be(text);
    }

    [TestCase("", "golden, line 1: the file does not end with a line feed; it was cut off.")]
    [TestCase("half\n", "golden, line 1: expected 'SpeechGan golden trajectory, format 3'.")]
    [TestCase("SpeechGan golden trajectory, format 0\n", "golden, line 1: expected 'SpeechGan golden trajectory, format 3'.")]
    [TestCase("SpeechGan golden trajectory, format 1\n", "golden, line 1: the file ends too early.")]
    [TestCase(
        "SpeechGan golden trajectory, format 5\n",
        "golden, line 1: format 5 is newer than this program, which reads up to 4; use the version that wrote it."
    )]
    public void Text_that_is_no_golden_gets_a_sentence(string text, string sentence)
    {
        FluentActions.Invoking(() => GoldenText.Parse(text, "golden")).Should().Throw<GoldenException>().WithMessage(sentence);
    }

    [TestCase("seed: 1", "seed: one", "golden, line 6: expected a whole number or 'not recorded' after 'seed: '.")]
    [TestCase("host:", "hast:", "golden, line 8: expected 'host: ...'.")]
    [TestCase("loss.total 0.25", "loss.total NaN", "golden, line 21: 'NaN' is not a number.")]
    [TestCase("epoch 2", "epoch 1", "golden, line 20: expected 'epoch N' with N above 1.")]
    [TestCase("\"p 1\"", "p 1", "golden, line 17: expected 'NAME NUMBER'*")]
    [TestCase("0.05: three", "0.05 three", "golden, line 9: expected 'tolerance NAME NUMBER: CAUSE'.")]
    public void Damaged_line_is_named(string found, string damaged, string sentence)
    {
        FluentActions
            .Invoking(() => GoldenText.Parse(GoldenText.Write(Sample()).Replace(found, damaged), "golden"))
            .Should()
            .Throw<GoldenException>()
            .WithMessage(sentence);
    }

    [Test]
    public void Mutated_goldens_are_read_or_refused_in_sentences()
    {
        const int seed = 20261125;
        var count = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_FUZZ") ?? "2000", CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"seed {seed}, {count} goldens");
        var random = new Random(seed);
        var sound = GoldenText.Write(BeforeTraining());
        int read = 0,
            refused = 0;
        for (var i = 0; i < count; i++)
        {
            var text = sound;
            for (var change = random.Next(1, 4); change > 0 && text.Length > 0; change--)
            {
                var at = random.Next(text.Length);
                text = random.Next(4) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)),
                    1 => text.Insert(at, text.Substring(at, Math.Min(random.Next(1, 40), text.Length - at))),
                    2 => text[..at] + (char)random.Next(1, 256) + text[(at + 1)..],
                    _ => text.Insert(at, new[] { "\n", "\"", " ", "\\ud800", "1e999", ": ", "\r", "tolerance ", "  " }[random.Next(9)]),
                };
            }

            try
            {
                var golden = GoldenText.Parse(text, "fuzz");
                golden.CompareWith(Sample().Trajectory, OtherHost).Sentence.Should().NotBeEmpty();
                GoldenText
                    .Parse(GoldenText.Write(golden), "again")
                    .CompareWith(golden.Trajectory, golden.Provenance.Host)
                    .Divergences.Should()
                    .BeEmpty("case {0} reads back equal", i);
                read++;
            }
            catch (GoldenException e)
            {
                e.Message.Should().StartWith("fuzz");
                refused++;
            }
        }

        TestContext.Out.WriteLine($"{read} read, {refused} refused");
        read.Should().BePositive();
        refused.Should().BePositive();
    }

    [Test]
    public void Outcomes_and_the_time_before_training_are_written_and_read_back()
    {
        var golden = BeforeTraining();
        var text = GoldenText.Write(golden);

        text.Should()
            .Contain(
                """

                epoch 0
                  outcome oracle.estimate-is-clean/time fails
                  outcome oracle.gain-leaves-pesq unmeasured
                  oracle.estimate-is-clean/time 0.28125
                  absent oracle.gain-leaves-pesq: no sample of the batch could be scored
                  utterance "p 1" noisy_pesq_wb 1.5

                epoch 1

                """.TrimEnd()
            );
        GoldenText.Parse(text, "copy").Should().BeEquivalentTo(golden);
        GoldenText.Write(GoldenText.Parse(text, "copy")).Should().Be(text);
    }

    [Test]
    public void A_golden_of_format_1_is_read_written_alike_and_compared_by_what_it_knew()
    {
        var text = GoldenText.Write(Sample()).Replace("format 2", "format 1", StringComparison.Ordinal);
        var old = GoldenText.Parse(text, "old");
        old.Format.Should().Be(1);
        GoldenText.Write(old).Should().Be(text);

        // What a run records today: epoch 0, outcomes, shares.
        var today = BeforeTraining().Trajectory;
        today = Change(today, 1, e => e with { Values = new Dictionary<string, double>(e.Values)
                {
                    ["gradientShare.gan"] = 0.2,
                    ["samplesSeen"] = 6,
                } });
        old.CompareWith(today, OwnHost).Outcome.Should().Be(GoldenOutcome.Equal);
        old.CompareWith(With(2, "mean.pesq_wb", 1.0, today), OtherHost).Worst!.Metric.Should().Be("mean.pesq_wb");
        Sample().CompareWith(today, OwnHost).Outcome.Should().Be(GoldenOutcome.Differs, "a golden of today's format knows them");
        FluentActions
            .Invoking(() => GoldenText.Parse(text.Replace("epoch 1\n", "epoch 0\n", StringComparison.Ordinal), "old"))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("old, line 12: expected 'epoch N' with N above 0.", "format 1 began with epoch 1");
    }
}
