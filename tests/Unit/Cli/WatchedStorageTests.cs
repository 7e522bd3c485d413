using SpeechGan.Cli;
using SpeechGan.Tests.Unit.Data;

namespace SpeechGan.Tests.Unit.Cli;

public sealed class WatchedStorageTests
{
    [Test]
    public void A_large_file_is_told_by_the_MiB_as_it_is_read_and_its_bytes_are_the_files()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "steps.jsonl");
        var bytes = new byte[(3 << 20) + 5];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        var told = new List<(string, long, long)>();
        using var stream = new WatchedStorage((work, done, of) => told.Add((work, done, of)), "A's ").OpenRead(path);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.ToArray().Should().Equal(bytes);
        told.Should().OnlyContain(t => t.Item1 == "reading A's steps.jsonl (MiB)" && t.Item3 == 3);
        told.Select(t => t.Item2).Should().BeInAscendingOrder().And.HaveCountLessThanOrEqualTo(3).And.Contain(3);
    }

    [Test]
    public void A_small_file_is_read_without_a_word()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "epochs.jsonl");
        File.WriteAllText(path, "text");
        using var reader = new StreamReader(new WatchedStorage((_, _, _) => Assert.Fail("nothing is to be told")).OpenRead(path));
        reader.ReadToEnd().Should().Be("text");
    }
}
