using System.Text.Json;
using SpeechGan.Goldens;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>`golden check` and `golden spread` where trainings run in processes of their own: the same bits and the same report, a spread
/// with its text, and what a training costs.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class GoldenProcessesTests
{
    private const string Healthy = "healthy-seed-1",
        Without = "gan-0-seed-1";
    private string root = "";

    private string Trajectories => Path.Combine(root, "trajectories");

    private GoldenStore Store => new(Trajectories, environment: _ => null);

    [OneTimeSetUp]
    public void Make()
    {
        root = Directory.CreateTempSubdirectory("speechgan-golden-").FullName;
        foreach (var part in new[] { "corpus", "networks" })
            Directory.CreateSymbolicLink(Path.Combine(root, part), Repository.PathOf("golden", part));
        Directory.CreateDirectory(Trajectories);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task Trainings_side_by_side_give_the_bits_and_the_report_of_one_after_the_other()
    {
        // One golden is another one, one is not approved: both are reported, and what was received of both is kept.
        await Run(1, $"check {Healthy} --received {Path.Combine(root, "first")}");
        var first = new GoldenStore(Trajectories, environment: _ => null, received: Path.Combine(root, "first"));
        Approve(Healthy, Lower(first.ReadReceived(Healthy).Golden));
        var one = await Check("1", "one");
        one.Report.Should()
            .Contain("Golden 'healthy-seed-1' differs from epoch 2 on, on the same host, where every bit must be equal.")
            .And.Contain("0 of 2 goldens hold.");
        var several = await Check("3", "several");
        several.Report.Should().Be(one.Report);
        several.Files.Should().Equal(one.Files).And.HaveCount(2);
        Approve(
            Without,
            new GoldenStore(Trajectories, environment: _ => null, received: Path.Combine(root, "one")).ReadReceived(Without).Golden
        );
    }

    [Test, DependsOnTest(nameof(Trainings_side_by_side_give_the_bits_and_the_report_of_one_after_the_other))]
    public async Task What_a_training_costs_is_told_and_measured_alone_and_changes_no_bit()
    {
        using (var json = JsonDocument.Parse(await Run(0, $"check {Without} --performance --json")))
        {
            var golden = json.RootElement.GetProperty("goldens")[0];
            golden.GetProperty("state").GetString().Should().Be("equal", "measuring draws no random number and touches no tensor");
            foreach (var figure in golden.GetProperty("performance").EnumerateArray())
            {
                figure.GetProperty("received").GetDouble().Should().BePositive();
                figure.GetProperty("outcome").GetString().Should().Be("told");
                figure.GetProperty("sentence").GetString().Should().Contain("the golden has none: it was approved without (format 3)");
            }
        }
        (await Run(2, $"check {Without} --performance loudly"))
            .Should()
            .Contain("--performance is 'loudly'; allowed are tell (the default), fail (");
        (await Run(2, $"check {Without} --performance --processes 2"))
            .Should()
            .Contain("--performance measures one training at a time, and --processes is 2");
    }

    [Test]
    public async Task A_spread_of_equal_trainings_says_that_no_tolerance_is_needed_and_writes_the_table()
    {
        var table = Path.Combine(root, "spread.txt");
        (await Run(0, $"spread {Without} --repeat 2 --out {table}"))
            .Should()
            .Contain("gan-0: all runs of a seed are equal to the bit; no tolerance is needed between runs on this host and device.")
            .And.Contain($"Written to '{table}'. It becomes golden/trajectories/tolerances.txt when a person copies it there")
            .And.Contain("gan-0-seed-1, run 2 of 3: same bits")
            .And.Contain("gan-0-seed-1, run 3 of 3: same bits");
        var written = ToleranceTable.Parse(await File.ReadAllTextAsync(table), table);
        written.Scenarios.Should().ContainKey("gan-0").WhoseValue.All.Should().BeEmpty();
        written
            .Measured.Should()
            .MatchRegex(@"^\d{4}-\d\d-\d\d by speechgan golden spread, gan-0-seed-1, 3 runs of each seed; on .*libtorch");
        (await Run(2, $"spread {Without} --repeat 0")).Should().Contain("--repeat is 0; allowed is 1 to 1000 trainings after the first.");
    }

    [Test]
    public async Task A_spread_of_performance_recommends_bounds_with_their_reason()
    {
        var table = Path.Combine(root, "performance.txt");
        (await Run(0, $"spread {Without} --performance --repeat 1 --out {table}"))
            .Should()
            .MatchRegex(
                @"gan-0: stepTime may be up to x[\d.]+ of the golden's: 3 x \S+, the largest distance of equal trainings, gan-0-seed-1: "
            )
            .And.Contain("goldens take their bounds from it when they are approved.");
        var bounds = ToleranceTable.Parse(await File.ReadAllTextAsync(table), table).Scenarios["gan-0"].All;
        bounds.Select(b => b.Name).Should().Contain("stepTime");
        bounds.Should().OnlyContain(b => b.Allowed > 0 && b.Cause.EndsWith("(golden spread --performance)", StringComparison.Ordinal));
    }

    private void Approve(string name, Golden golden)
    {
        Store.Check(golden);
        Store.Approve(
            name,
            new ApprovalRequest
            {
                By = "Ada",
                Reason = "for this test",
                When = DateTimeOffset.UnixEpoch,
            }
        );
    }

    private static Golden Lower(Golden golden) =>
        golden with
        {
            Trajectory = new Trajectory
            {
                Epochs =
                [
                    .. golden.Trajectory.Epochs.Select(e =>
                        e.Epoch != 2
                            ? e
                            : e with
                            {
                                Values = e.Values.ToDictionary(v => v.Key, v => v.Key == "loss.total" ? v.Value / 2 : v.Value),
                            }
                    ),
                ],
            },
        };

    // The report without its times and without the folder that keeps what was received.
    private async Task<(string Report, string[] Files)> Check(string processes, string folder)
    {
        var received = Path.Combine(root, folder);
        var (output, _) = await Ends(1, $"check {Healthy} {Without} --processes {processes} --received {received}");
        return (
            System
                .Text.RegularExpressions.Regex.Replace(output, @"\[\d+\.\d s\]", "[s]")
                .Replace(received, "RECEIVED", StringComparison.Ordinal),
            [
                .. Directory
                    .GetFiles(received, "*.received.txt")
                    .Order(StringComparer.Ordinal)
                    .Select(f => Path.GetFileName(f) + "\n" + File.ReadAllText(f)),
            ]
        );
    }

    private async Task<string> Run(int expected, string command)
    {
        var (output, error) = await Ends(expected, command);
        return error.Length == 0 ? output : output + " " + error;
    }

    private async Task<(string Output, string Error)> Ends(int expected, string command)
    {
        using var child = Child.Start(
            null,
            0,
            null,
            ["golden", .. command.Split(' '), "--golden", root],
            new Dictionary<string, string>
            {
                ["CI"] = "",
                ["USER"] = "Ada",
                ["GIT_CONFIG_GLOBAL"] = "/dev/null",
                ["GIT_CONFIG_SYSTEM"] = "/dev/null",
            }
        );
        var (code, output, error) = await child.EndAsync();
        TestContext.Out.WriteLine($"golden {command}: {code} {output} {error}");
        error.Should().NotContain("   at ", "a stack trace is no sentence");
        code.Should().Be(expected, "{0}: {1} {2}", command, output, error);
        return (output, error);
    }
}
