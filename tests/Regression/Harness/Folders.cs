namespace SpeechGan.Tests.Regression.Harness;

/// <summary>Copies of run folders.</summary>
internal static class Folders
{
    /// <summary>Copies a folder with all it holds but the lock, which belongs to a process and not to the run.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(f => !Path.GetFileName(f).StartsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
