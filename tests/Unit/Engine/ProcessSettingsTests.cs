using System.Runtime.InteropServices;
using SpeechGan.Engine;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>What must hold in the process before libtorch is loaded.</summary>
[Platform("Linux")]
internal sealed partial class ProcessSettingsTests
{
    [TestCase("OMP_WAIT_POLICY", "passive")]
    [TestCase("TORCH_CPP_LOG_LEVEL", "ERROR")]
    public void A_variable_reaches_libc(string name, string value)
    {
        // The variable of the process's environment, where there is one, is respected.
        Marshal.PtrToStringUTF8(getenv(name)).Should().Be(Environment.GetEnvironmentVariable(name) ?? value);
        ProcessSettings.OfLibc(name).Should().Be(Environment.GetEnvironmentVariable(name) ?? value);
    }

    [Test]
    public void All_of_them_are_in_force() =>
        ProcessSettings
            .InForce.Select(s => s.Name)
            .Should()
            .Equal("M_ARENA_MAX", "M_MMAP_MAX", "M_TRIM_THRESHOLD", "M_TOP_PAD", "OMP_WAIT_POLICY", "TORCH_CPP_LOG_LEVEL");

    [TestCase("MALLOC_TOP_PAD_", "4096", "4096")]
    [TestCase("GLIBC_TUNABLES", "glibc.malloc.check=1:glibc.malloc.top_pad=8192", "8192")]
    [TestCase("GLIBC_TUNABLES", "glibc.malloc.top_pads=8192", null)]
    [TestCase("MALLOC_TOP_PAD_", "", null)]
    [TestCase("MALLOC_ARENA_MAX", "2", null)]
    public void What_the_user_says_of_malloc_goes_first(string variable, string value, string? expected) =>
        ProcessSettings.UsersMemory(n => n == variable ? value : null, "MALLOC_TOP_PAD_", "glibc.malloc.top_pad").Should().Be(expected);

    [Test]
    public void A_large_block_is_kept_by_malloc_and_not_mapped_for_itself()
    {
        // mallinfo2 counts the blocks that were mapped one by one: none after ours came.
        var before = mallinfo2().MappedBlocks;
        var block = malloc(1 << 30); // more than the pad holds; its pages are never touched
        mallinfo2().MappedBlocks.Should().Be(before);
        free(block);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);

    [LibraryImport("libc")]
    private static partial nint malloc(nint size);

    [LibraryImport("libc")]
    private static partial void free(nint block);

    [LibraryImport("libc")]
    private static partial MallocInfo mallinfo2();

    // <malloc.h>: ten sizes.
    [StructLayout(LayoutKind.Sequential)]
    private struct MallocInfo
    {
        public nint Arena,
            FreeChunks,
            FastChunks,
            MappedBlocks,
            MappedBytes,
            MostUsed,
            FastBytes,
            UsedBytes,
            FreeBytes,
            KeepCost;
    }
}
