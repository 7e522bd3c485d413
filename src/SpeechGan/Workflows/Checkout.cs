namespace SpeechGan.Workflows;

/// <summary>The checkout that this program was built in, where it still stands in one.</summary>
internal static class Checkout
{
    /// <summary>Full path of its folder <c>golden/</c>; null where no folder above the program has one with a corpus.</summary>
    public static string? GoldenFolder
    {
        get
        {
            for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
                if (Directory.Exists(Path.Combine(folder, "golden", "corpus", "train")))
                    return Path.Combine(folder, "golden");
            return null;
        }
    }

    /// <summary>The corpus in it, relative to the working folder; null where there is none.</summary>
    public static string? BundledCorpus =>
        GoldenFolder is { } golden ? Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(golden, "corpus")) : null;
}
