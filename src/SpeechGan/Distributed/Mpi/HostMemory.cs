using static TorchSharp.torch;

namespace SpeechGan.Distributed.Mpi;

/// <summary>Copies of a GPU's tensors in pinned memory, which a GPU reads and writes at the full speed of its bus.</summary>
internal static class HostMemory
{
    /// <summary>A contiguous copy on the host, outside of every dispose scope.</summary>
    public static Tensor CopyOf(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var copy = empty(values.shape, values.dtype).pin_memory();
        copy.copy_(values);
        return copy.DetachFromDisposeScope();
    }
}
