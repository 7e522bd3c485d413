namespace SpeechGan.Tests;

/// <summary>Where the sources lie that these tests are of.</summary>
internal static class Repository
{
    /// <summary>The folder of SpeechGan.sln, above the test assembly.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path inside it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "SpeechGan.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException(
            $"No folder above '{AppContext.BaseDirectory}' holds SpeechGan.sln: run the tests from a checkout."
        );
    }
}
