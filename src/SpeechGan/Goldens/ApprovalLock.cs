using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>One approver at a time in a folder of goldens: an exclusive lock of the kernel, gone with its process however that dies. The
/// file stays; it holds nothing.</summary>
internal sealed class ApprovalLock : IDisposable
{
    /// <summary>The locked file's name; not for version control.</summary>
    public const string FileName = ".approving";

    private readonly FileStream stream;

    private ApprovalLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes it.</summary>
    /// <exception cref="GoldenException">Somebody else has it.</exception>
    public static ApprovalLock Take(string folder)
    {
        try
        {
            return new ApprovalLock(
                new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0)
            );
        }
        // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows
        catch (IOException e) when ((e.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new GoldenException($"Another approval is in progress in '{folder}'. Look at its result, then try again.");
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw new GoldenException($"Cannot lock the goldens in '{folder}': {GoldenException.Why(e)}.", e);
        }
    }

    public void Dispose() => stream.Dispose();
}
