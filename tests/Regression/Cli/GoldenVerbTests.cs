using System.Text.Json;
using SpeechGan.Goldens;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>The life of a golden on the command line: the program itself, as a person uses it, on a folder of goldens of its own.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class GoldenVerbTests
{
    private const string Name = "healthy-seed-1";
    private string root = "";

    private GoldenStore Store => new(Path.Combine(root, "trajectories"), environment: _ => null);

    [OneTimeSetUp]
    public void Make()
    {
        root = Directory.CreateTempSubdirectory("speechgan-golden-").FullName;
        foreach (var part in new[] { "corpus", "networks" })
            Directory.CreateSymbolicLink(Path.Combine(root, part), Repository.PathOf("golden", part));
        Directory.CreateDirectory(Path.Combine(root, "trajectories"));
        File.WriteAllText(
            Path.Combine(root, "trajectories", ToleranceTable.FileName),
            new ToleranceTable
            {
                Measured = "in this test",
                Scenarios = new Dictionary<string, Tolerances>
                {
                    ["healthy"] = new()
                    {
                        All = [new("mean.pesq_wb", 0.01, "for this test"), new("utterance.pesq_wb", 0.01, "for this test")],
                    },
                },
            }.Write()
        );
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task Nothing_is_approved_at_first_and_only_a_person_with_a_reason_changes_that()
    {
        (await Run(0, "list")).Should().Contain($"{Name} not pinned yet");
        (await Run(0, $"diff {Name}")).Should().Contain($"Nothing was received that differs from '{Name}'.");
        (await Run(2, $"approve {Name} --yes --reason x")).Should().Contain($"There is nothing to approve for '{Name}'");

        (await Run(1, $"check {Name}", ci: "true")).Should().Contain("Nothing is written on continuous integration");
        Store.Waiting.Should().BeEmpty();
        (await Run(1, $"check {Name}")).Should().Contain($"{Name} not approved yet").And.Contain("0 of 1 goldens hold.");
        Store.Waiting.Should().Equal(Name);

        (await Run(1, $"diff {Name}"))
            .Should()
            .Contain($"Golden '{Name}' would be the first of its name")
            .And.Contain("mean.pesq_wb (* expected, o received, @ both)");
        (await Run(2, $"approve {Name}"))
            .Should()
            .Contain(
                $"This is not a terminal, and an approval is confirmed by a person. Look with `speechgan golden diff {Name}`, then "
                    + $"approve with --yes --reason TEXT."
            );
        (await Run(2, $"approve {Name} --yes")).Should().Contain("--yes needs --reason TEXT");
        (await Run(2, $"approve {Name} --yes --reason x", ci: "true")).Should().Contain("only a person approves a golden");
        Store.Names.Should().BeEmpty();

        (await Run(0, $"approve {Name} --yes --reason first")).Should().Contain($"Approved '{Store.VerifiedPath(Name)}' as Ada.");
        Store.Names.Should().Equal(Name);
        using (var json = JsonDocument.Parse(await Run(0, $"check {Name} --json")))
        {
            json.RootElement.GetProperty("good").GetBoolean().Should().BeTrue();
            json.RootElement.GetProperty("goldens")[0].GetProperty("state").GetString().Should().Be("equal");
        }
        (await Run(0, "list")).Should().Contain($"{Name} approved 2").And.Contain("Ada first");
        using var history = JsonDocument.Parse(await Run(0, $"history {Name} --json"));
        history.RootElement[0].GetProperty("approvals")[0].GetProperty("reason").GetString().Should().Be("first");
    }

    [Test, DependsOnTest(nameof(Nothing_is_approved_at_first_and_only_a_person_with_a_reason_changes_that))]
    public async Task A_difference_is_drawn_by_check_and_diff_alike_and_a_drift_must_be_accepted()
    {
        // A golden whose PESQ is a little higher than the trainer's: what a fault of the trainer looks like.
        var golden = Store.Read(Name);
        var higher = golden with
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
                                Values = new SortedDictionary<string, double>(e.Values.ToDictionary())
                                {
                                    ["mean.pesq_wb"] = e.Values["mean.pesq_wb"] + 0.05,
                                },
                            }
                    ),
                ],
            },
        };
        Store.Check(higher);
        Store.Approve(
            Name,
            new ApprovalRequest
            {
                By = "Bob",
                Reason = "planted",
                When = DateTimeOffset.UtcNow,
                AcceptDrift = true,
            }
        );

        var check = await Run(1, $"check {Name}");
        check
            .Should()
            .Contain($"Golden '{Name}' differs from epoch 2 on, on the same host, where every bit must be equal.")
            .And.Contain("worst mean.pesq_wb: expected")
            .And.Contain("Utterances in epoch 2:")
            .And.Contain("va01-white-20dB pesq_wb")
            .And.Contain($"accept speechgan golden approve {Name}");
        var diff = await Run(1, $"diff {Name}");
        check.Should().Contain(diff.Trim(), "both draw the same");
        using (var json = JsonDocument.Parse(await Run(1, $"diff {Name} --json")))
            json.RootElement.GetProperty("goldens")[0]
                .GetProperty("divergences")[0]
                .GetProperty("metric")
                .GetString()
                .Should()
                .Be("mean.pesq_wb");

        await TheToolIsOpenedOnBothFiles();
        (await Run(2, $"approve {Name} --yes --reason back")).Should().Contain("exceeds the tolerance");
        Store.Read(Name).Should().BeEquivalentTo(higher);
        (await Run(0, $"approve {Name} --yes --reason back --accept-drift")).Should().Contain("Approved");
        (await Run(0, $"history {Name}"))
            .Should()
            .Contain($"{Name} 1 ")
            .And.Contain("Bob")
            .And.Contain("accepted planted")
            .And.Contain("accepted back");
    }

    [Test, DependsOnTest(nameof(A_difference_is_drawn_by_check_and_diff_alike_and_a_drift_must_be_accepted))]
    public async Task Leftovers_and_goldens_changed_by_hand_are_told_and_words_that_are_none_refused()
    {
        File.WriteAllText(Path.Combine(root, "trajectories", "gone-seed-1.verified.txt"), "");
        (await Run(0, "list")).Should().Contain("gone-seed-1.verified.txt' belongs to no scenario: nothing checks it.");
        File.Delete(Path.Combine(root, "trajectories", "gone-seed-1.verified.txt"));

        File.AppendAllText(Store.VerifiedPath(Name), "\n");
        (await Run(1, $"check {Name}")).Should().Contain($"{Name} UNSOUND").And.Contain("it was changed by hand");
        (await Run(2, $"history {Name}")).Should().Contain("it was changed by hand");
        (await Run(0, "list")).Should().Contain("unsound: ");

        (await Run(2, "check helthy")).Should().Contain("There is no scenario or golden 'helthy'").And.Contain("Did you mean 'healthy'?");
        (await Run(2, "list", golden: Path.Combine(root, "nowhere"))).Should().Contain("is not a folder of goldens");
        (await Run(2, "aprove")).Should().Contain("Unrecognized command or argument 'aprove'");
    }

    // A tool of the person's: a script of a name that DiffEngine knows, which keeps what it was opened on.
    private async Task TheToolIsOpenedOnBothFiles()
    {
        (await Run(2, $"diff {Name} --tool", ci: "true", display: ":7"))
            .Should()
            .Contain($"No diff tool is opened on continuous integration. `speechgan golden diff {Name}` draws the difference as text.");
        (await Run(3, $"diff {Name} --tool"))
            .Should()
            .Contain("No tool is opened where there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set).");
        (await Run(2, $"diff {Name} --tool", display: ":7", tools: "NoSuchTool"))
            .Should()
            .Contain("DiffEngine_ToolOrder is 'NoSuchTool', and no tool is opened: ")
            .And.Contain("Correct it, or unset it.");
        if (!DiffEngine.DiffTools.Resolved.Any())
            (await Run(3, $"diff {Name} --tool", display: ":7", tools: ""))
                .Should()
                .Contain("No diff tool is found on this machine. Install one that DiffEngine knows");

        var bin = Directory.CreateDirectory(Path.Combine(root, "bin")).FullName;
        var (meld, opened) = (Path.Combine(bin, "meld"), Path.Combine(bin, "opened"));
        await File.WriteAllTextAsync(meld, $"#!/bin/sh\necho \"$@\" > '{opened}.part' && mv '{opened}.part' '{opened}'\n");
        File.SetUnixFileMode(meld, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var watcher = new FileSystemWatcher(bin, "opened");
        var seen = new TaskCompletionSource();
        watcher.Renamed += (_, _) => seen.TrySetResult();
        watcher.EnableRaisingEvents = true;
        (await Run(1, $"diff {Name} --tool", display: ":7", path: $"{bin}:{Environment.GetEnvironmentVariable("PATH")}"))
            .Should()
            .Contain(
                $"Opened Meld: '{Store.ReceivedPath(Name)}' against '{Store.VerifiedPath(Name)}'. Approve with `speechgan golden "
                    + $"approve {Name}` and nowhere else"
            );
        await seen.Task.WaitAsync(TimeSpan.FromMinutes(2));
        (await File.ReadAllTextAsync(opened)).Should().Contain(Store.ReceivedPath(Name)).And.Contain(Store.VerifiedPath(Name));
    }

    /// <summary>Both outputs as one line.</summary>
    private async Task<string> Run(
        int expected,
        string command,
        string ci = "",
        string? golden = null,
        string display = "",
        string? path = null,
        string tools = "Meld"
    )
    {
        using var child = Child.Start(
            null,
            0,
            null,
            ["golden", .. command.Split(' '), "--golden", golden ?? root],
            new Dictionary<string, string>
            {
                ["DISPLAY"] = display,
                ["WAYLAND_DISPLAY"] = "",
                ["DiffEngine_ToolOrder"] = tools,
                ["PATH"] = path ?? Environment.GetEnvironmentVariable("PATH")!,
                ["CI"] = ci,
                ["USER"] = "Ada",
                ["GIT_CONFIG_GLOBAL"] = "/dev/null",
                ["GIT_CONFIG_SYSTEM"] = "/dev/null",
            }
        );
        var (code, output, error) = await child.EndAsync();
        TestContext.Out.WriteLine($"golden {command}: {code} {output} {error}");
        error.Should().NotContain("   at ", "a stack trace is no sentence");
        code.Should().Be(expected, "{0}: {1} {2}", command, output, error);
        return error.Length == 0 ? output : output + " " + error;
    }
}
