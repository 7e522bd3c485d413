using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class GoldenStoreTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private string folder = "";

    private GoldenStore Store => new(folder, environment: _ => null);

    [SetUp]
    public void CreateFolder() => folder = Scratch.Create("speechgan-golden-");

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void First_trajectory_waits_for_approval_and_then_holds()
    {
        Store.Check(GoldenSamples.Sample()).Should().BeNull("nothing is approved yet");
        Store.Names.Should().BeEmpty();
        Store.Waiting.Should().Equal("tiny");

        Store.Approve("tiny", By("Ada")).Should().BeEquivalentTo(GoldenSamples.Sample());

        Store.Names.Should().Equal("tiny");
        Store.Waiting.Should().BeEmpty();
        Store.Check(GoldenSamples.Sample())!.Outcome.Should().Be(GoldenOutcome.Equal);
        Store.Waiting.Should().BeEmpty();
        Store.Read("tiny").Should().BeEquivalentTo(GoldenSamples.Sample());
        var approval = Store.History("tiny").Effective.Should().ContainSingle().Subject;
        approval
            .Should()
            .BeEquivalentTo(
                new
                {
                    Number = 1,
                    When = Noon,
                    By = "Ada",
                    Reason = "it is right",
                    Replaced = (string?)null,
                    AcceptedDrift = false,
                    Previous = (string?)null,
                }
            );
        approval.Digest.Should().Be(GoldenHistory.DigestOf(File.ReadAllText(Store.VerifiedPath("tiny"))));
        approval.Anchor.Should().Be(GoldenText.Write(GoldenSamples.Sample()), "the first approval is what drift is measured from");
    }

    [Test]
    public void Different_trajectory_is_laid_beside_judged_by_the_approved_tolerances_and_goes_once_equal()
    {
        Approve();
        var wishful = new Tolerances { All = [new("mean.pesq_wb", 9, "wishful")] };
        var different = GoldenSamples.Sample() with
        {
            Trajectory = GoldenSamples.With(1, "mean.pesq_wb", 1.0),
            Tolerances = wishful,
            Provenance = GoldenSamples.Sample().Provenance with { Host = "another" },
        };

        Store.Check(different)!.Worst!.Allowed.Should().Be(0.05, "a run does not widen what was approved");

        Store.ReadReceived("tiny").Golden.Should().BeEquivalentTo(different);
        Store.Read("tiny").Should().BeEquivalentTo(GoldenSamples.Sample(), "a check never changes what is approved");
        Store.Check(GoldenSamples.Sample())!.Outcome.Should().Be(GoldenOutcome.Equal);
        Store.Waiting.Should().BeEmpty();
        Store.Check(GoldenSamples.Sample() with { Tolerances = wishful })!.Outcome.Should().Be(GoldenOutcome.Equal);
        Store.Waiting.Should().Equal(["tiny"], "another table of tolerances waits for approval, too");
    }

    [TestCase("true")]
    [TestCase("1")]
    [TestCase("TRUE")]
    public void Nothing_is_approved_and_nothing_written_on_continuous_integration(string ci)
    {
        var store = new GoldenStore(folder, environment: name => name == "CI" ? ci : null);
        store.Check(GoldenSamples.Sample()).Should().BeNull();
        Directory.GetFileSystemEntries(folder).Should().BeEmpty();
        Store.Check(GoldenSamples.Sample());

        Message(() => store.Approve("tiny", By("Ada")))
            .Should()
            .Be(
                $"Golden 'tiny' is not approved: CI={ci}, and only a person approves a golden. Run `speechgan golden approve tiny` on "
                    + $"your own machine and commit the files."
            );
        store.Names.Should().BeEmpty();
        store.Waiting.Should().Equal("tiny");
        new GoldenStore(folder, environment: _ => "false").OnContinuousIntegration.Should().BeFalse();
        new GoldenStore(folder, environment: _ => "0").OnContinuousIntegration.Should().BeFalse();
        new GoldenStore(folder, environment: _ => "").OnContinuousIntegration.Should().BeFalse();
    }

    [Test]
    public void An_approval_needs_a_name_and_a_reason()
    {
        Store.Check(GoldenSamples.Sample());
        Message(() => Store.Approve("tiny", By(" ")))
            .Should()
            .Be("Golden 'tiny' is not approved: the approver's name is not known; set it with `git config user.name NAME`.");
        Message(() => Store.Approve("tiny", By("Ada") with { Reason = "" }))
            .Should()
            .Be("Golden 'tiny' is not approved: no reason was given; say with --reason TEXT why the change is right.");
        Store.Names.Should().BeEmpty();
    }

    [Test]
    public void Second_approver_is_told_and_damaged_foreign_or_unseen_files_are_not_approved()
    {
        Approve();
        Message(() => Store.Approve("tiny", By("Bob")))
            .Should()
            .Be(
                $"There is nothing to approve for golden 'tiny': '{Store.ReceivedPath("tiny")}' does not exist. It is equal already, "
                    + $"or somebody else approved it."
            );

        File.WriteAllText(Store.ReceivedPath("tiny"), "half");
        Message(() => Store.Approve("tiny", By("Bob")))
            .Should()
            .Be($"{Store.ReceivedPath("tiny")}, line 1: the file does not end with a line feed; it was cut off.");
        File.WriteAllText(Store.ReceivedPath("tiny"), GoldenText.Write(GoldenSamples.Sample() with { Name = "other" }));
        Message(() => Store.Approve("tiny", By("Bob")))
            .Should()
            .StartWith($"'{Store.ReceivedPath("tiny")}' is the trajectory of golden 'other', not of 'tiny'.");
        Store.Check(Near(0.01));
        var seen = Store.ReadReceived("tiny").Digest;
        Store.Check(Near(0.02));
        Message(() => Store.Approve("tiny", By("Bob") with { Seen = seen }))
            .Should()
            .StartWith($"Golden 'tiny' is not approved: '{Store.ReceivedPath("tiny")}' is not what you looked at");
        Store.Read("tiny").Should().BeEquivalentTo(GoldenSamples.Sample());

        Message(() => Store.Read("none")).Should().StartWith($"There is no golden '{Store.VerifiedPath("none")}'.");
        Message(() => Store.ReadReceived("none")).Should().StartWith($"There is no golden '{Store.ReceivedPath("none")}'.");
        foreach (var name in new[] { "../x", "", ".", "..", "a\nb" })
            Message(() => Store.Read(name)).Should().Be($"'{name}' cannot be the name of a golden; it becomes the name of a file.");
    }

    [Test]
    public void Each_approval_is_a_link_that_names_what_it_replaced()
    {
        Approve();
        var first = GoldenHistory.DigestOf(File.ReadAllText(Store.VerifiedPath("tiny")));
        Store.Check(Near(0.02));
        Store.Approve("tiny", By("Bob") with { Reason = " faster\nkernels " });

        var history = Store.History("tiny");
        history.Interrupted.Should().BeFalse();
        history
            .Effective.Select(a => (a.Number, a.By, a.Reason, a.Replaced))
            .Should()
            .Equal((1, "Ada", "it is right", null), (2, "Bob", "faster kernels", first));
        history.Effective[1].Anchor.Should().BeNull("drift is still measured from the first");
        history.Anchor().Should().BeEquivalentTo(GoldenSamples.Sample());
    }

    [Test]
    public void Small_approvals_that_add_up_beyond_the_tolerance_need_the_drift_accepted()
    {
        Approve();
        Store.Check(Near(0.03));
        Store.Approve("tiny", By("Bob"));
        Store.Check(Near(0.06));

        Message(() => Store.Approve("tiny", By("Bob")))
            .Should()
            .Be(
                "Golden 'tiny' is not approved: with it the cumulative drift since the first approval, of 2026-11-22, exceeds the "
                    + "tolerance. Furthest: epoch 1, mean.pesq_wb: expected 1.5, received 1.44, allowed distance 0.05; 1 value "
                    + "differs in all. If this is intended, give --accept-drift: drift is then measured from this golden on."
            );
        Store.Read("tiny").Trajectory.Epochs[0].Values["mean.pesq_wb"].Should().Be(1.47);
        Store.History("tiny").Effective.Should().HaveCount(2);

        Store.Approve("tiny", By("Bob") with { AcceptDrift = true });
        Store.History("tiny").Effective[^1].AcceptedDrift.Should().BeTrue();
        Store.History("tiny").Anchor()!.Trajectory.Epochs[0].Values["mean.pesq_wb"].Should().Be(1.44, "drift is measured from here on");
        Store.Check(Near(0.08));
        Store.Approve("tiny", By("Bob") with { AcceptDrift = true });
        Store.History("tiny").Effective[^1].AcceptedDrift.Should().BeFalse("there was none to accept");
        Store.History("tiny").Effective.Select(a => a.Anchor is not null).Should().Equal(true, false, true, false);
    }

    [Test]
    public void A_golden_from_before_there_were_histories_is_what_drift_is_measured_from([Values] bool far)
    {
        File.WriteAllText(Store.VerifiedPath("tiny"), GoldenText.Write(GoldenSamples.Sample()));
        Store.History("tiny").Should().Be(GoldenHistory.None);
        Store.Check(Near(far ? 0.06 : 0.02));
        if (far)
            Message(() => Store.Approve("tiny", By("Ada"))).Should().Contain("--accept-drift");
        Store.Approve("tiny", By("Ada") with { AcceptDrift = far });

        var approval = Store.History("tiny").Effective.Should().ContainSingle().Subject;
        approval.Replaced.Should().Be(GoldenHistory.DigestOf(GoldenText.Write(GoldenSamples.Sample())));
        approval.AcceptedDrift.Should().Be(far);
        Store.History("tiny").Anchor()!.Trajectory.Epochs[0].Values["mean.pesq_wb"].Should().Be(far ? 1.44 : 1.5);
    }

    [Test]
    public void A_golden_that_was_changed_by_hand_is_seen_and_not_approved_over()
    {
        Approve();
        File.WriteAllText(Store.VerifiedPath("tiny"), GoldenText.Write(Near(0.01)));
        Message(() => Store.History("tiny"))
            .Should()
            .Be(
                $"{Store.HistoryPath("tiny")}: the golden beside it is not the one that was last approved (2026-11-25 by Ada): it was "
                    + $"changed by hand. "
                    + "Restore both files from version control, and approve the change with `speechgan golden approve`."
            );
        Store.Check(Near(0.02));
        Message(() => Store.Approve("tiny", By("Bob"))).Should().Contain("it was changed by hand");

        File.WriteAllText(Store.VerifiedPath("tiny"), GoldenText.Write(GoldenSamples.Sample()));
        Store.Approve("tiny", By("Bob"));
        File.Delete(Store.VerifiedPath("tiny"));
        Message(() => Store.History("tiny"))
            .Should()
            .Be(
                $"{Store.HistoryPath("tiny")}: the golden of this history is missing. Restore it from version control, or remove this "
                    + $"file too."
            );
    }

    [Test]
    public void Two_approvers_at_once_leave_one_golden_one_link_and_one_is_told()
    {
        for (var race = 0; race < 50; race++)
        {
            Store.Check(GoldenSamples.Sample() with { Trajectory = GoldenSamples.With(1, "mean.pesq_wb", race) });
            using var start = new Barrier(2);
            var outcomes = new string?[2];
            var approvers = Enumerable
                .Range(0, 2)
                .Select(i => new Thread(() =>
                {
                    start.SignalAndWait();
                    try
                    {
                        Store.Approve("tiny", By($"approver {i}") with { AcceptDrift = true });
                    }
                    catch (GoldenException e)
                    {
                        outcomes[i] = e.Message;
                    }
                }))
                .ToList();
            approvers.ForEach(a => a.Start());
            approvers.ForEach(a => a.Join());

            outcomes.Count(o => o is null).Should().Be(1, "race {0}: {1}", race, string.Join(" | ", outcomes));
            outcomes.Single(o => o is not null).Should().MatchRegex("(Another approval is in progress|There is nothing to approve)");
            Store.Read("tiny").Trajectory.Epochs[0].Values["mean.pesq_wb"].Should().Be(race);
            Store.History("tiny").Effective.Should().HaveCount(race + 1);
            Store.History("tiny").Effective[^1].By.Should().Be($"approver {Array.IndexOf(outcomes, null)}");
        }
    }

    [Test]
    public void Kill_or_full_disk_at_every_file_event_leaves_the_old_or_the_new_golden_and_a_sound_history(
        [Values(0, 0.01, 0.5, 0.99)] double torn,
        [Values] bool full
    )
    {
        var ended = false;
        var interrupted = 0;
        for (var at = 1; !ended; at++)
        {
            foreach (var file in Directory.EnumerateFiles(folder))
                File.Delete(file);

            Approve();
            var storage = new FaultingStorage(DiskStorage.Instance);
            _ = full ? storage.DiskFullFrom(at, torn) : storage.StopDeadAt(at, torn);
            var store = new GoldenStore(folder, storage, _ => null);
            try
            {
                store.Check(Near(0.03));
                store.Approve("tiny", By("Bob"));
                ended = storage.Events < at;
            }
            catch (StoppedDeadException)
            {
                full.Should().BeFalse();
            }
            catch (GoldenException e)
            {
                full.Should().BeTrue();
                e.Message.Should().Contain("the disk is full. The approved golden is intact");
            }

            var value = Store.Read("tiny").Trajectory.Epochs[0].Values["mean.pesq_wb"];
            value.Should().BeOneOf([1.5, 1.47], "event {0}", at);
            Store.Names.Should().Equal("tiny");
            Store.Waiting.Should().BeSubsetOf(["tiny"]);
            var history = Store.History("tiny");
            history.Effective.Should().HaveCount(value == 1.5 ? 1 : 2, "event {0}", at);
            interrupted += history.Interrupted ? 1 : 0;

            // Whatever was left, the approval can be made now and is one link.
            if (value == 1.5)
            {
                Store.Check(Near(0.03));
                Store.Approve("tiny", By("Eve"));
            }

            Store.History("tiny").Effective.Select(a => a.Number).Should().Equal([1, 2], "event {0}", at);
            Store.History("tiny").Interrupted.Should().BeFalse();
        }

        interrupted.Should().BePositive("some instant lies between history and golden");
    }

    [Test]
    public void Files_that_nothing_uses_are_named()
    {
        Store.Leftovers(["tiny"]).Should().BeEmpty();
        Approve();
        Store.Leftovers(["tiny"]).Should().BeEmpty("the lock holds nothing and is no leftover");
        Store
            .Leftovers([])
            .Should()
            .Equal($"'{Store.VerifiedPath("tiny")}' belongs to no scenario: nothing checks it. Remove it, or restore the scenario.");
        Store.Check(Near(0.02));
        File.Delete(Store.VerifiedPath("tiny"));
        File.WriteAllText(Path.Combine(folder, ".tmp-x"), "");
        Store
            .Leftovers(["tiny"])
            .Should()
            .Equal(
                $"'{Store.ReceivedPath("tiny")}' waits for a decision: look with `speechgan golden diff tiny`, then approve it or "
                    + $"remove it.",
                $"'{Path.Combine(folder, ".tmp-x")}' was left by a write that was interrupted. Remove it."
            );
        Store
            .Leftovers([])
            .Should()
            .HaveCount(3)
            .And.Contain($"'{Store.HistoryPath("tiny")}' belongs to no scenario. Remove it, or restore the scenario.")
            .And.Contain($"'{Store.ReceivedPath("tiny")}' belongs to no scenario. Remove it.");
    }

    [Test]
    public void Failures_of_the_disk_have_their_words()
    {
        GoldenException.Why(new UnauthorizedAccessException()).Should().Be("the folder or file is read-only for this user");
        GoldenException.Why(new DirectoryNotFoundException()).Should().Be("a folder of its path does not exist");
        GoldenException.Why(new IOException("No space left on device")).Should().Be("the disk is full");
        GoldenException.Why(new IOException("x", 28)).Should().Be("the disk is full");
        GoldenException.Why(new IOException("Input/output error.")).Should().Be("Input/output error");
    }

    [Test]
    public void A_folder_that_is_gone_is_told_in_a_sentence()
    {
        var gone = new GoldenStore(Path.Combine(folder, "gone"), environment: _ => null);
        Message(() => _ = gone.Names).Should().Contain("a folder of its path does not exist");
        Message(() => gone.Approve("tiny", By("Ada")))
            .Should()
            .StartWith($"Cannot lock the goldens in '{gone.Folder}': a folder of its path does not exist");
    }

    private static ApprovalRequest By(string name) =>
        new()
        {
            By = name,
            Reason = "it is right",
            When = Noon,
        };

    // Mean PESQ of epoch 1 lower by so much; 0.05 is allowed.
    private static Golden Near(double lower) =>
        GoldenSamples.Sample() with
        {
            Trajectory = GoldenSamples.With(1, "mean.pesq_wb", Math.Round(1.5 - lower, 6)),
        };

    private void Approve()
    {
        Store.Check(GoldenSamples.Sample());
        Store.Approve("tiny", By("Ada"));
    }

    private static string Message(Action action) => action.Should().Throw<GoldenException>().Which.Message;
}
