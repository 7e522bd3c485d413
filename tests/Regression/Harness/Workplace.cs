namespace SpeechGan.Tests.Regression.Harness;

/// <summary>A folder of its own for one test class, with a small corpus copied from the bundled one; gone when the class is done.</summary>
internal sealed class Workplace : IDisposable
{
    private int count;

    /// <summary>Makes it.</summary>
    /// <param name="train">Pairs of train.</param>
    /// <param name="valid">Pairs of valid.</param>
    /// <param name="test">Pairs of test; 0 leaves the part out.</param>
    public Workplace(int train = 4, int valid = 1, int test = 1)
    {
        Root = Directory.CreateTempSubdirectory("speechgan-regression-").FullName;
        Corpus = Path.Combine(Root, "corpus");
        Copy("train", train);
        Copy("valid", valid);
        Copy("test", test);
        Copy("silent", 8);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The corpus: train, valid, test, silent.</summary>
    public string Corpus { get; }

    /// <summary>A path for a further run.</summary>
    public string NewRun() => Path.Combine(Root, $"run-{++count:D3}");

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void Copy(string part, int pairs)
    {
        foreach (var side in pairs == 0 ? [] : new[] { "clean", "noisy" })
        {
            var to = Directory.CreateDirectory(Path.Combine(Corpus, part, side)).FullName;
            var files = Directory
                .GetFiles(Repository.PathOf("golden", "corpus", part, side))
                .Order(StringComparer.Ordinal)
                .Take(pairs)
                .ToList();
            files.Should().HaveCount(pairs, "the bundled corpus has that many in {0}/{1}", part, side);
            foreach (var file in files)
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
