using System.Numerics;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.DenseBlock;

/// <summary>A layer's tensors among the operator's arguments: convolution's weight and bias, InstanceNorm's, PReLU's slope.</summary>
internal readonly unsafe struct DenseLayerTensors<T>(IReadOnlyList<Tensor> inputs, int layer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Tensors of a layer.</summary>
    public const int Count = 5;

    public T* Weight => At(0);

    public T* NormWeight => At(2);

    public T* NormBias => At(3);

    public T* Slope => At(4);

    private T* At(int which) => TensorMemory.Pointer<T>(inputs[1 + (layer * Count) + which]);
}
