using System.Globalization;

namespace SpeechGan.Runs;

/// <summary>
/// One process a run folder: an exclusive lock of the kernel on <c>RUN/.lock</c>, gone with its process however that dies. The
/// holder's process id stands in <c>RUN/.lock-holder</c>, since a locked file cannot be read by others.
/// </summary>
internal sealed class RunLock : IDisposable
{
    public const string FileName = ".lock";
    public const string HolderName = ".lock-holder";

    private readonly FileStream stream;

    private RunLock(FileStream stream) => this.stream = stream;

    public static RunLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        FileStream stream;
        try
        {
            stream = Open(path);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new RunFolderException(
                $"The run folder '{folder}' is in use by process {Holder(folder)}. Wait for it to end, stop it, or choose another "
                    + $"folder with --out.",
                folder,
                RunFolderException.BadUsage,
                e
            );
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw RunFolderException.From(e, "lock the run folder", folder);
        }

        try
        {
            File.WriteAllText(Path.Combine(folder, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            stream.Dispose();
            throw RunFolderException.From(e, "write into the run folder", folder);
        }

        return new RunLock(stream);
    }

    /// <summary>Whether a living process holds the folder.</summary>
    public static bool IsTaken(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return false;

        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return false;
        }
        catch (IOException e) when (IsHeld(e))
        {
            return true;
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            return false; // unreadable to us: nothing is known of a holder
        }
    }

    public void Dispose() => stream.Dispose();

    // A reader that asks whether the folder is in use holds a shared lock for an instant: it must not look like a second writer.
    private static FileStream Open(string path)
    {
        const int attempts = 20;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (IsHeld(e) && attempt < attempts)
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    // EWOULDBLOCK on Linux (11) and macOS (35), ERROR_SHARING_VIOLATION on Windows (32).
    private static bool IsHeld(IOException e) => (e.HResult & 0xFFFF) is 11 or 35 or 32;

    private static string Holder(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, HolderName)).Trim();
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            return "(its number cannot be read)";
        }
    }
}
