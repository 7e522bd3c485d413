using SpeechGan.Diagnostics.Probes;
using SpeechGan.Tests.Unit.Data;

namespace SpeechGan.Tests.Unit.Diagnostics.Probes;

public sealed class ProbeJournalTests
{
    [Test]
    public void What_was_replayed_is_found_again_and_a_torn_line_is_taken_off()
    {
        using var folder = new TemporaryFolder();
        var journal = new ProbeJournal(folder.Path);
        journal.Find("a").Should().BeNull();
        journal.Add(Of("a", 0.5));
        journal.Add(Of("b", null));
        var file = Path.Combine(folder.Path, ProbeJournal.FileName);
        File.AppendAllText(file, "{\"key\":\"c\",\"ingr"); // killed in the middle of a line
        var again = new ProbeJournal(folder.Path);
        again.Problems.Should().BeEmpty("a line counts once its end is there");
        again.Find("a").Should().BeEquivalentTo(Of("a", 0.5));
        again.Find("b")!.TrainingRate.Should().BeNull();
        again.Find("c").Should().BeNull();
        again.Add(Of("c", 1));
        File.ReadAllLines(file).Should().HaveCount(3);
        new ProbeJournal(folder.Path).Find("c").Should().NotBeNull();
    }

    [Test]
    public void A_damaged_line_is_told_and_its_replay_is_made_again()
    {
        using var folder = new TemporaryFolder();
        new ProbeJournal(folder.Path).Add(Of("a", 0.5));
        File.AppendAllText(Path.Combine(folder.Path, ProbeJournal.FileName), "nothing\n");
        var journal = new ProbeJournal(folder.Path);
        journal.Problems.Should().ContainSingle().Which.Should().Contain("line 2: this is not a valid Replay and was left out");
        journal.Find("a").Should().NotBeNull();
    }

    private static Replay Of(string key, double? rate) =>
        new()
        {
            Key = key,
            Ingredient = "unchanged",
            Seed = 1,
            Pesq = new Dictionary<string, double> { ["u"] = 2.5 },
            SiSdr = new Dictionary<string, double> { ["u"] = 10 },
            TrainingRate = rate,
        };
}
