namespace SpeechGan.Tests.Unit.Runs;

/// <summary>Folders for tests with thousands of flushed files: in memory where the system has such a place, since what is tested is the
/// order of events and not the disk.</summary>
internal static class Scratch
{
    public static string Create(string prefix)
    {
        const string memory = "/dev/shm";
        return Directory.Exists(memory)
            ? Directory.CreateDirectory(Path.Combine(memory, prefix + Guid.NewGuid().ToString("N"))).FullName
            : Directory.CreateTempSubdirectory(prefix).FullName;
    }
}
