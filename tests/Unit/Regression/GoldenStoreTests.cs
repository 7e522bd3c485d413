using SpeechGan.Regression;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Regression;

public sealed class GoldenStoreTests
{
    private string _folder = "";

    private GoldenStore Store => new(_folder, environment: _ => null);

    [SetUp]
    public void CreateFolder() => _folder = Scratch.Create("speechgan-golden-");

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void First_trajectory_waits_for_approval_and_then_holds()
    {
        Store.Check(GoldenTests.Sample()).Should().BeNull("nothing is approved yet");
        Store.Names.Should().BeEmpty();
        Store.Waiting.Should().Equal("tiny");

        Store.Accept("tiny").Should().BeEquivalentTo(GoldenTests.Sample());

        Store.Names.Should().Equal("tiny");
        Store.Waiting.Should().BeEmpty();
        Store.Check(GoldenTests.Sample())!.Outcome.Should().Be(GoldenOutcome.Equal);
        Store.Waiting.Should().BeEmpty();
        Store.Read("tiny").Should().BeEquivalentTo(GoldenTests.Sample());
    }

    [Test]
    public void Different_trajectory_is_laid_beside_without_widening_tolerances_and_goes_once_equal()
    {
        Approve();
        var different = GoldenTests.Sample() with { Trajectory = GoldenTests.With(1, "mean.pesq_wb", 1.0), Tolerances = new Tolerances { All = [new("mean.pesq_wb", 9, "wishful")] } };

        Store.Check(different)!.Outcome.Should().Be(GoldenOutcome.Differs);

        var received = GoldenText.Parse(File.ReadAllText(Store.ReceivedPath("tiny")), "received");
        received.Tolerances.Should().BeEquivalentTo(GoldenTests.Sample().Tolerances);
        received.Trajectory.Should().BeEquivalentTo(different.Trajectory);
        Store.Read("tiny").Should().BeEquivalentTo(GoldenTests.Sample(), "a check never changes what is approved");
        Store.Check(GoldenTests.Sample())!.Outcome.Should().Be(GoldenOutcome.Equal);
        Store.Waiting.Should().BeEmpty();
    }

    [TestCase("true")]
    [TestCase("1")]
    [TestCase("TRUE")]
    public void Nothing_is_accepted_on_continuous_integration(string ci)
    {
        Store.Check(GoldenTests.Sample());
        var store = new GoldenStore(_folder, environment: name => name == "CI" ? ci : null);

        FluentActions.Invoking(() => store.Accept("tiny")).Should().Throw<GoldenException>()
            .WithMessage($"Golden 'tiny' is not accepted: CI={ci}, and only a person approves a golden. Run `speechgan golden approve tiny` on your own machine and commit the file.");
        store.Names.Should().BeEmpty();
        store.Waiting.Should().Equal("tiny");
    }

    [Test]
    public void Second_approver_is_told_and_damaged_or_foreign_files_are_not_accepted()
    {
        Approve();
        Message(() => Store.Accept("tiny")).Should().Be($"There is nothing to accept for golden 'tiny': '{Store.ReceivedPath("tiny")}' does not exist. It is equal already, or somebody else accepted it.");

        File.WriteAllText(Store.ReceivedPath("tiny"), "half");
        Message(() => Store.Accept("tiny")).Should().Be($"{Store.ReceivedPath("tiny")}, line 1: the file does not end with a line feed; it was cut off.");
        File.WriteAllText(Store.ReceivedPath("tiny"), GoldenText.Write(GoldenTests.Sample() with { Name = "other" }));
        Message(() => Store.Accept("tiny")).Should().StartWith($"'{Store.ReceivedPath("tiny")}' is the trajectory of golden 'other', not of 'tiny'.");
        Store.Read("tiny").Should().BeEquivalentTo(GoldenTests.Sample());

        Message(() => Store.Read("none")).Should().StartWith($"There is no golden '{Store.VerifiedPath("none")}'.");
        Message(() => Store.Read("../x")).Should().Be("'../x' cannot be the name of a golden; it becomes the name of a file.");
    }

    [Test]
    public void Two_approvers_at_once_leave_one_golden_and_one_is_told()
    {
        for (var race = 0; race < 50; race++)
        {
            Store.Check(GoldenTests.Sample() with { Trajectory = GoldenTests.With(1, "mean.pesq_wb", race) });
            using var start = new Barrier(2);
            var outcomes = new string?[2];
            var approvers = Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    Store.Accept("tiny");
                }
                catch (GoldenException e)
                {
                    outcomes[i] = e.Message;
                }
            })).ToList();
            approvers.ForEach(a => a.Start());
            approvers.ForEach(a => a.Join());

            outcomes.Count(o => o is null).Should().Be(1, "race {0}: {1}", race, string.Join(" | ", outcomes));
            Store.Read("tiny").Trajectory.Epochs[0].Values["mean.pesq_wb"].Should().Be(race);
        }
    }

    [Test]
    public void Kill_or_full_disk_at_every_file_event_leaves_the_old_or_the_new_golden([Values(0, 0.01, 0.5, 0.99)] double torn, [Values] bool full)
    {
        var next = GoldenTests.Sample() with { Trajectory = GoldenTests.With(1, "mean.pesq_wb", 1.0) };
        var ended = false;
        for (var at = 1; !ended; at++)
        {
            foreach (var file in Directory.EnumerateFiles(_folder))
            {
                File.Delete(file);
            }

            Approve();
            var storage = new FaultingStorage(DiskStorage.Instance);
            _ = full ? storage.DiskFullFrom(at, torn) : storage.StopDeadAt(at, torn);
            var store = new GoldenStore(_folder, storage, _ => null);
            try
            {
                store.Check(next);
                store.Accept("tiny");
                ended = storage.Events < at;
            }
            catch (StoppedDeadException)
            {
                full.Should().BeFalse();
            }
            catch (GoldenException e)
            {
                full.Should().BeTrue();
                e.Message.Should().Contain("the disk is full");
            }

            var golden = Store.Read("tiny");
            golden.Trajectory.Epochs[0].Values["mean.pesq_wb"].Should().BeOneOf([1.5, 1.0], "event {0}", at);
            Store.Names.Should().Equal("tiny");
            Store.Waiting.Should().BeSubsetOf(["tiny"]);
        }
    }

    private void Approve()
    {
        Store.Check(GoldenTests.Sample());
        Store.Accept("tiny");
    }

    private static string Message(Action action) => action.Should().Throw<GoldenException>().Which.Message;
}
