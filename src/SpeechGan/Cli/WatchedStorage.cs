using SpeechGan.Runs;

namespace SpeechGan.Cli;

/// <summary>The disk, and how far each large file that is read has been read, in MiB.</summary>
/// <param name="at">Is told.</param>
/// <param name="label">Which run it is, where several are read; empty for one.</param>
internal sealed class WatchedStorage(Progressed at, string label = "") : IRunStorage
{
    private const int Mebi = 1 << 20;
    private readonly DiskStorage disk = DiskStorage.Instance;

    public bool FileExists(string path) => disk.FileExists(path);

    public bool FolderExists(string path) => disk.FolderExists(path);

    public IReadOnlyList<string> List(string folder) => disk.List(folder);

    public long Length(string path) => disk.Length(path);

    public byte[] Read(string path) => disk.Read(path);

    public Stream OpenRead(string path)
    {
        Stream stream = disk.OpenRead(path);
        string work = $"reading {label}{Path.GetFileName(path)} (MiB)";
        return stream.Length < Mebi ? stream : new Watched(stream, (done, of) => at(work, done / Mebi, of / Mebi));
    }

    public void CreateFolder(string path) => disk.CreateFolder(path);

    public void Write(string path, ReadOnlyMemory<byte> bytes) => disk.Write(path, bytes);

    public void Write(string path, Action<Stream> fill) => disk.Write(path, fill);

    public void Append(string path, ReadOnlyMemory<byte> bytes) => disk.Append(path, bytes);

    public void Sync(string path) => disk.Sync(path);

    public void SyncFolder(string path) => disk.SyncFolder(path);

    public void Truncate(string path, long length) => disk.Truncate(path, length);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void DeleteFile(string path) => disk.DeleteFile(path);

    public void DeleteFolder(string path) => disk.DeleteFolder(path);

    private sealed class Watched(Stream stream, Action<long, long> read) : Stream
    {
        private long told;

        public override bool CanRead => true;
        public override bool CanSeek => stream.CanSeek;
        public override bool CanWrite => false;
        public override long Length => stream.Length;

        public override long Position
        {
            get => stream.Position;
            set => stream.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = stream.Read(buffer);
            // Once a MiB: telling must cost nothing beside reading.
            if (stream.Position - told is >= Mebi or < 0)
                read(told = stream.Position, stream.Length);
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => stream.Seek(offset, origin);

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
