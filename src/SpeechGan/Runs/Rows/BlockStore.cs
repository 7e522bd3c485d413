using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SpeechGan.Runs.Rows;

/// <summary>A block of rows that can be written as bytes and read again.</summary>
internal interface IBlock<TSelf>
    where TSelf : IBlock<TSelf>
{
    /// <summary>Bytes that its arrays take.</summary>
    int Bytes { get; }

    /// <summary>Writes it at a place of a file and tells how many bytes that were.</summary>
    int Write(SafeFileHandle file, long offset);

    /// <summary>Reads what <see cref="Write"/> wrote there.</summary>
    static abstract TSelf Read(SafeFileHandle file, long offset);
}

/// <summary>
/// Blocks of rows in order: in memory up to a limit, beyond it in a temporary file, so that memory does not grow with the record. The file
/// has no name once it is open (on Windows: it goes with its handle), so that a killed process leaves none.
/// </summary>
internal sealed class BlockStore<T>(long inMemory)
    where T : class, IBlock<T>
{
    private readonly List<(T? Block, long Offset)> blocks = [];
    private SafeFileHandle? file;
    private long held;
    private long written;

    /// <summary>Number of blocks.</summary>
    public int Count => blocks.Count;

    /// <summary>Whether any block is in the temporary file.</summary>
    public bool IsSpilt => file is not null;

    /// <summary>The block of a place.</summary>
    public T this[int place] => blocks[place] is var (block, offset) && block is not null ? block : T.Read(file!, offset);

    /// <summary>Adds a block.</summary>
    public void Add(T block)
    {
        if (held + block.Bytes <= inMemory || !Spill(block))
        {
            blocks.Add((block, 0));
            held += block.Bytes;
        }
    }

    private bool Spill(T block)
    {
        try
        {
            file ??= Unnamed();
            var bytes = block.Write(file, written);
            blocks.Add((null, written));
            written += bytes;
            return true;
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            return false; // no room for it there: memory must do
        }
    }

    private static SafeFileHandle Unnamed()
    {
        var path = Path.Combine(Path.GetTempPath(), "speechgan-rows-" + Path.GetRandomFileName());
        var file = File.OpenHandle(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.Read | FileShare.Delete,
            FileOptions.DeleteOnClose
        );
        if (!OperatingSystem.IsWindows())
            File.Delete(path);

        return file;
    }
}

/// <summary>Arrays of cells as the bytes of a file.</summary>
internal static class CellFile
{
    public static long Write<T>(SafeFileHandle file, long offset, T[] cells)
        where T : struct
    {
        var bytes = MemoryMarshal.AsBytes(cells.AsSpan());
        RandomAccess.Write(file, bytes, offset);
        return offset + bytes.Length;
    }

    public static long Read<T>(SafeFileHandle file, long offset, int count, out T[] cells)
        where T : struct
    {
        cells = GC.AllocateUninitializedArray<T>(count);
        var bytes = MemoryMarshal.AsBytes(cells.AsSpan());
        for (var done = 0; done < bytes.Length; )
        {
            var read = RandomAccess.Read(file, bytes[done..], offset + done);
            done += read > 0 ? read : throw new IOException("A temporary file is shorter than it was written.");
        }

        return offset + bytes.Length;
    }
}
