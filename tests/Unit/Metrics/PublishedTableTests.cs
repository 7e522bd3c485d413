using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>The published scores of noisy VoiceBank+DEMAND recordings, from the README of a folder beside the repository.</summary>
public sealed class PublishedTableTests
{
    private static readonly Metric[] Columns =
        [Metric.PesqWideBand, Metric.Csig, Metric.Cbak, Metric.Covl, Metric.SegmentalSnr, Metric.Stoi];

    [Test]
    public void The_published_table_is_reproduced_to_its_last_printed_digit()
    {
        string? folder = Folder();
        if (folder is null)
        {
            Assert.Ignore(
                "No folder shared/voicebank-sample beside or above the repository: its recordings are under their own licence and are not part of it.");
        }

        string[][] rows = [.. File.ReadAllLines(Path.Combine(folder, "README.md"))
            .Where(line => line.StartsWith("| p", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];
        rows.Should().HaveCount(8);
        using var all = new FluentAssertions.Execution.AssertionScope();
        foreach (string[] row in rows)
        {
            ScoreSet scores = Scores(folder, row[0]);
            TestContext.Out.WriteLine($"{row[0]} {string.Join(' ', Columns.Select((c, i) => $"{scores[c].Value - double.Parse(row[i + 1], CultureInfo.InvariantCulture):E1}"))}");
            Columns.Select(c => scores[c].Value.ToString("F6", CultureInfo.InvariantCulture)).Should().Equal(row[1..], row[0]);
        }
    }

    private static ScoreSet Scores(string folder, string name)
    {
        AudioClip clean = AudioFile.Read(Path.Combine(folder, "clean", name + ".wav")), noisy = AudioFile.Read(Path.Combine(folder, "noisy", name + ".wav"));
        return ScoreSet.Of(clean.Mono(ChannelPolicy.Refuse), noisy.Mono(ChannelPolicy.Refuse), clean.SampleRate);
    }

    private static string? Folder()
    {
        for (DirectoryInfo? at = new(TestContext.CurrentContext.TestDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "voicebank-sample");
            if (File.Exists(Path.Combine(candidate, "README.md"))) return candidate;
        }

        return null;
    }
}
