using System.Globalization;
using SpeechGan.Bisect;

namespace SpeechGan.Tests.Unit.Bisect;

/// <summary>The smallest set of changes on planted interactions (figure R13); `tools/bisect-proof` runs ten times as many.</summary>
public sealed class DeltaDebuggingTests
{
    private const int Options = 40;
    private static readonly int Plants =
        500 * int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_BISECT_PROOF") ?? "1", CultureInfo.InvariantCulture);

    [Test]
    public void Every_planted_interaction_of_one_to_three_of_forty_options_is_found_minimal_and_sufficient()
    {
        var trials = 0;
        for (var seed = 0; seed < Plants; seed++)
        {
            var random = new Random(seed);
            int[] plant = [.. Enumerable.Range(0, Options).OrderBy(_ => random.Next()).Take(1 + (seed % 3)).Order()];
            // In one case of four two options exclude each other: a set with one of them alone is refused.
            var (a, b) = seed % 4 == 0 ? (random.Next(Options), random.Next(Options)) : (-1, -1);
            var search = new DeltaDebugging(Options, Trial);
            var found = search.Minimise()!;
            trials += search.Trials;
            Trial(found).Should().Be(TrialOutcome.Bad, "seed {0}: sufficient", seed);
            foreach (var one in found)
                Trial([.. found.Except([one])]).Should().NotBe(TrialOutcome.Bad, "seed {0}: 1-minimal", seed);
            if (a < 0)
                found.Should().Equal(plant, "seed {0}", seed);

            TrialOutcome Trial(IReadOnlyList<int> set)
            {
                if (a >= 0 && set.Contains(a) != set.Contains(b))
                    return TrialOutcome.Skip;
                if (plant.All(set.Contains))
                    return TrialOutcome.Bad;
                return TrialOutcome.Good;
            }
        }
        TestContext.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Plants} plants among {Options} options: all 1-minimal and sufficient, {(double)trials / Plants:F1} trials each"
            )
        );
    }

    [Test]
    public void Ends_that_are_not_as_said_are_told_and_no_set_is_tried_twice()
    {
        new DeltaDebugging(3, _ => TrialOutcome.Good).Minimise().Should().BeNull();
        new DeltaDebugging(3, _ => TrialOutcome.Bad).Minimise().Should().BeEmpty();
        var seen = new HashSet<string>();
        new DeltaDebugging(9, set =>
            seen.Add(string.Join(',', set))
                ? (set.Contains(2) && set.Contains(7) ? TrialOutcome.Bad : TrialOutcome.Good)
                : throw new InvalidOperationException("twice")
        )
            .Minimise()
            .Should()
            .Equal(2, 7);
    }
}
